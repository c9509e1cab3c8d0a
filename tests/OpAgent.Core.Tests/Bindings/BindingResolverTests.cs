using OpAgent.Core.Agents;
using OpAgent.Core.Bindings;

namespace OpAgent.Core.Tests.Bindings;

public class BindingResolverTests
{
    [Fact]
    public void Resolve_NoFiles_IsEmpty() => Assert.Equal(new ResolvedBinding(), BindingResolver.Resolve([]));

    [Fact]
    public void Resolve_SeveralFiles_TakesEachValueFromTheNearest()
    {
        var resolved = Resolve(("", "agent: writer\nmodel: a/b\nmode: default"), ("docs", "model: c/d"), ("docs/api", "# nothing\nmode: ask"));

        Assert.Equal(new Sourced<AgentReference>(new AgentReference.Installed("writer"), ".opagent/workspace.yaml", 1), resolved.Agent);
        Assert.Equal("", resolved.AgentDirectory);
        Assert.Equal(new Sourced<string>("c/d", "docs/.opagent/workspace.yaml", 1), resolved.Model);
        Assert.Equal(new Sourced<string>("ask", "docs/api/.opagent/workspace.yaml", 2), resolved.Mode);
    }

    [Fact]
    public void Resolve_InheritFalse_CutsChoicesButNotTheMode()
    {
        var resolved = Resolve(("", "agent: writer\nmodel: a/b\nmode: ask"), ("docs", "inherit: false\nmodel: c/d"));

        Assert.Null(resolved.Agent);
        Assert.Null(resolved.AgentDirectory);
        Assert.Equal("c/d", resolved.Model?.Value);
        Assert.Equal("ask", resolved.Mode?.Value);
    }

    [Fact]
    public void Resolve_AgentNone_IsNoAgentOnPurpose()
    {
        var resolved = Resolve(("", "agent: writer"), ("docs", "agent: none"), ("docs/api", "mode: ask"));

        Assert.Equal(new Sourced<AgentReference>(new AgentReference.None(), "docs/.opagent/workspace.yaml", 1), resolved.Agent);
    }

    [Fact]
    public void Resolve_PackageAgent_KeepsTheDirectoryThatSetIt()
    {
        var resolved = Resolve(("/work", "mode: ask"), ("/work/docs", "agent: ./tools/writer/"), ("/work/docs/api", "model: a/b"));

        Assert.Equal(new AgentReference.Package("tools/writer"), resolved.Agent?.Value);
        Assert.Equal("/work/docs", resolved.AgentDirectory);
    }

    private static ResolvedBinding Resolve(params (string Directory, string Text)[] files) =>
        BindingResolver.Resolve(files.Select(file => BindingFile.Parse(file.Directory, file.Text).Binding!));
}
