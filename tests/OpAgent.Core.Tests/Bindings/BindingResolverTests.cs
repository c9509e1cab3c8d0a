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
        var resolved = Resolve(("", "agent: writer\nmodel: a/b\nmode: ask"), ("docs", "inherit: false"), ("docs/api", "inherit: true"));

        Assert.Equal(new ResolvedBinding { Mode = new Sourced<string>("ask", ".opagent/workspace.yaml", 3) }, resolved);
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
        var resolved = Resolve(("/home/alice", "mode: ask"), ("/home/alice/docs", "agent: ./tools/writer/"), ("/home/alice/docs/api", "model: a/b"));

        Assert.Equal(new AgentReference.Package("tools/writer"), resolved.Agent?.Value);
        Assert.Equal("/home/alice/docs", resolved.AgentDirectory);
    }

    private static ResolvedBinding Resolve(params (string Directory, string Text)[] files) =>
        BindingResolver.Resolve(files.Select(file => BindingFile.Parse(file.Directory, file.Text).Binding!));
}
