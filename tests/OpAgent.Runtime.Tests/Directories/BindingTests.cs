using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Directories;

public sealed class BindingTests
{
    [Fact]
    public async Task SetBinding_WhereThereIsNone_MakesTheFile()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        Directory.CreateDirectory(Path.Combine(runtime.Workspace, "docs"));

        var binding = await SetAsync(runtime, "docs", ("agent", "librarian"));

        Assert.Equal(("librarian", "docs/.opagent/workspace.yaml", 1), (binding.Agent.Value, binding.Agent.File, binding.Agent.Line));
        Assert.Equal("agent: librarian\n", await ReadAsync(runtime, "docs/.opagent/workspace.yaml"));
    }

    [Fact]
    public async Task SetBinding_WhereThereIsOne_KeepsWhatElseStandsInIt()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        await WriteAsync(runtime, ".opagent/workspace.yaml", "# who answers\nagent: writer   # for now\nmode: careful\nours: [1, 2]\n");

        await SetAsync(runtime, "", ("agent", "librarian"), ("mode", ""));

        Assert.Equal("# who answers\nagent: librarian   # for now\nours: [1, 2]\n", await ReadAsync(runtime, ".opagent/workspace.yaml"));
    }

    [Theory]
    [InlineData("docs", "agent", "two words", "binding-invalid")]
    [InlineData("docs", "sandbox", "none", "invalid-request")]
    [InlineData("missing", "agent", "librarian", "file-not-found")]
    [InlineData("../elsewhere", "agent", "librarian", "path-outside-workspace")]
    public async Task SetBinding_ThatCannotBe_IsRefusedAndWritesNothing(string path, string key, string value, string type)
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        Directory.CreateDirectory(Path.Combine(runtime.Workspace, "docs"));

        var refused = await Assert.ThrowsAsync<RpcException>(() => SetAsync(runtime, path, (key, value)));

        Assert.Equal(type, refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer));
        Assert.Equal(["docs"], Directory.GetFileSystemEntries(runtime.Workspace, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task SetBinding_OfABrokenFile_LeavesItAsItIs()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        await WriteAsync(runtime, ".opagent/workspace.yaml", "agent: [\n");

        var refused = await Assert.ThrowsAsync<RpcException>(() => SetAsync(runtime, "", ("agent", "librarian")));

        Assert.Equal(KnownProblems.BindingInvalid.Type, refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer));
        Assert.Equal("agent: [\n", await ReadAsync(runtime, ".opagent/workspace.yaml"));
    }

    [Fact]
    public async Task ResolveBinding_WithAPolicy_NamesTheFileThatDecidedEachPower()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        var policy = runtime.Temporary.Write("home/policy.yaml", "network: off\nlimits: { memory: 2GiB, processes: 64, openFiles: 1024 }\n");
        await WriteAsync(runtime, ".opagent/workspace.yaml", "sandbox: workspace\nnetwork: on\nlimits: { memory: 4GiB, turn: 30m, idle: 15m, output: 8MiB }\n");
        await WriteAsync(runtime, "docs/.opagent/workspace.yaml", "inherit: false\nsandbox: read-only\nlimits: { processes: 8 }\n");

        var binding = await ResolveAsync(runtime, "docs");

        const string root = ".opagent/workspace.yaml", docs = "docs/.opagent/workspace.yaml";
        Assert.Equal(
            new ResolvedBinding
            {
                Sandbox = new() { Value = "read-only", File = docs, Line = 2 },
                Network = new() { Value = "off", File = policy, Line = 1 },
                Limits = new()
                {
                    Memory = new() { Value = "2GiB", File = policy, Line = 2 },
                    Processes = new() { Value = "8", File = docs, Line = 3 },
                    OpenFiles = new() { Value = "1024", File = policy, Line = 2 },
                    Turn = new() { Value = "30m", File = root, Line = 3 },
                    Idle = new() { Value = "15m", File = root, Line = 3 },
                    Output = new() { Value = "8MiB", File = root, Line = 3 },
                },
            },
            binding);
    }

    [Fact]
    public async Task StartTurn_WithABrokenPolicy_IsRefusedWithItsPlace()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var policy = runtime.Temporary.Write("home/policy.yaml", "# ours\nsandbox: none\n");

        var refused = await Assert.ThrowsAsync<RpcException>(() => runtime.StartTurnAsync(conversation, "say hello"));

        Assert.Equal(KnownProblems.PolicyInvalid.Type, refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer));
        Assert.StartsWith($"{policy}:2: sandbox: ", refused.Status.Detail);
        Assert.Equal(KnownProblems.PolicyInvalid.Type, await runtime.ProblemOf(() => ResolveAsync(runtime, "")));
    }

    private static async Task<ResolvedBinding> ResolveAsync(RuntimeFixture runtime, string path) =>
        await runtime.Directories.ResolveBindingAsync(new ResolveBindingRequest { Workspace = runtime.Workspace, Path = path }, cancellationToken: RuntimeFixture.Cancellation);

    private static async Task<ResolvedBinding> SetAsync(RuntimeFixture runtime, string path, params (string Key, string Value)[] values)
    {
        var request = new SetBindingRequest { Workspace = runtime.Workspace, Path = path };
        foreach (var (key, value) in values) request.Values[key] = value;
        return await runtime.Directories.SetBindingAsync(request, cancellationToken: RuntimeFixture.Cancellation);
    }

    private static async Task WriteAsync(RuntimeFixture runtime, string name, string text)
    {
        var path = Path.Combine(runtime.Workspace, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, RuntimeFixture.Cancellation);
    }

    private static Task<string> ReadAsync(RuntimeFixture runtime, string name) => File.ReadAllTextAsync(Path.Combine(runtime.Workspace, name), RuntimeFixture.Cancellation);
}
