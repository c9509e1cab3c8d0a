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
    public void Resolve_Powers_OnlyNarrowAndNameTheFileThatDecided()
    {
        var resolved = Resolve(
            ("", "sandbox: workspace\nnetwork: off\nlimits: {memory: 2GiB, turn: 30m}"),
            ("docs", "inherit: false\nsandbox: read-only\nnetwork: on\nlimits:\n  memory: 4GiB\n  turn: 1800s\n  idle: 5m"));

        Assert.Equal(new Sourced<SandboxLevel>(SandboxLevel.ReadOnly, "docs/.opagent/workspace.yaml", 2), resolved.Sandbox);
        Assert.Equal(new Sourced<NetworkAccess>(NetworkAccess.Off, ".opagent/workspace.yaml", 2), resolved.Network);
        Assert.Equal(
            new ResolvedLimits
            {
                Memory = new(2L << 30, ".opagent/workspace.yaml", 3),
                Turn = new(TimeSpan.FromMinutes(30), ".opagent/workspace.yaml", 3),
                Idle = new(TimeSpan.FromMinutes(5), "docs/.opagent/workspace.yaml", 7),
            },
            resolved.Limits);
    }

    [Fact]
    public void Resolve_Policy_StandsAboveEveryFileWithItsPowersAlone()
    {
        var policy = BindingFile.ParsePolicy("/runtime/policy.yaml", "agent: writer\nmodel: a/b\nmode: ask\nlimits: {processes: 8}").Binding!;
        var file = BindingFile.Parse("", "mode: auto\nlimits: {processes: 64, memory: 1GiB}").Binding!;

        Assert.Equal(
            new ResolvedBinding
            {
                Mode = new("ask", "/runtime/policy.yaml", 3),
                Limits = new() { Processes = new(8, "/runtime/policy.yaml", 4), Memory = new(1L << 30, ".opagent/workspace.yaml", 2) },
            },
            BindingResolver.Resolve([file], policy));
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
