using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Sandboxes;

/// <summary>An agent that tries to reach what is not its own, at every level.</summary>
public sealed class HostileAgentTests
{
    private const string Secret = "must stay secret";

    // Below the home directory of the daemon's user.
    private static readonly string[] Secrets = [".ssh/id_ed25519", ".gnupg/key", ".aws/credentials", ".config/gh/hosts.yml", ".netrc", ".git-credentials", ".claude/.credentials.json"];

    [Theory]
    [InlineData("")]
    [InlineData("sandbox: read-only\n")]
    [InlineData("network: off\n")]
    public async Task Agent_InItsSandbox_GetsNothing(string binding)
    {
        await using var runtime = await StartAsync();
        if (binding.Length > 0) runtime.Temporary.Write("work/.opagent/workspace.yaml", binding);

        Assert.Equal("nothing", await AttackAsync(runtime, binding.Length == 0 ? "own" : ""));
    }

    [Fact]
    public async Task Agent_WithFullRights_GetsNeitherCredentialsNorOpAgentsData()
    {
        await using var runtime = await StartAsync();
        await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace, FullRights = true });

        Assert.Equal("nothing", await AttackAsync(runtime, "", writes: false));
    }

    [Fact]
    public async Task Directory_OfAConversation_LooksAfterwardsAsBefore()
    {
        await using var runtime = await StartAsync();
        var conversation = await runtime.CreateAsync(agent: runtime.PutHostile());
        var before = Listing(runtime.Workspace);

        await runtime.RunTurnAsync(conversation, "{}");

        // What it wrote into its own directory may stay.
        Assert.Equal(before, Listing(runtime.Workspace).Except(["config.txt", "mine.txt", "new.json"]));
    }

    [Fact]
    public async Task Directory_WithoutGitOrServers_GetsNoEmptyFiles()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var before = Listing(runtime.Workspace);

        await runtime.RunTurnAsync(conversation, "say hello");

        Assert.Equal(before, Listing(runtime.Workspace));
    }

    [Fact]
    public async Task Trust_WithoutASandbox_AsksForFullRights()
    {
        await using var runtime = await RuntimeFixture.StartAsync(trust: false, environment: ("OPAGENT_SANDBOX", "none"));
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();

        Assert.Equal("full-rights-not-granted", await runtime.ProblemOf(async () => await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace })));
        Assert.Equal("full-rights-not-granted", await runtime.ProblemOf(async () => await runtime.Directories.OpenAsync(new OpenWorkspaceRequest { Path = runtime.Workspace, Trust = true })));
        Assert.Equal("workspace-not-trusted", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say no")));

        await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace, FullRights = true });
        Assert.Contains(await runtime.RunTurnAsync(conversation, "say yes"), item => item.Said == "yes");
    }

    [Theory]
    [InlineData("sandbox: read-only")]
    [InlineData("sandbox: workspace")]
    [InlineData("network: off")]
    public async Task StartTurn_WhereTheBindingCannotBeEnforced_IsRefusedWithTheLine(string line)
    {
        await using var runtime = await RuntimeFixture.StartAsync(trust: false, environment: ("OPAGENT_SANDBOX", "none"));
        await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace, FullRights = true });
        runtime.BindScripted();
        runtime.Temporary.Write("work/.opagent/workspace.yaml", $"agent: ./scripted\n{line}\n");
        var conversation = await runtime.CreateAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() => runtime.StartTurnAsync(conversation, "say no"));

        Assert.Equal("sandbox-unavailable", refused.Trailers.GetValue("problem"));
        Assert.Contains(".opagent/workspace.yaml:2", refused.Status.Detail);
    }

    [Fact]
    public async Task Session_AfterTheAgentHasPutALinkInPlaceOfItsTemporaryDirectory_SeesNoMore()
    {
        await using var runtime = await StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var environment = string.Concat((await runtime.RunTurnAsync(conversation, "env")).Select(item => item.Said)).Split('\n');
        var (home, temporary) = (ValueOf("HOME"), ValueOf("TMPDIR"));
        await runtime.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id });
        // What an agent could leave behind in the only directory that it has outside of the workspace.
        Directory.CreateSymbolicLink(Path.Combine(home, "tmp"), "/");
        Assert.False(temporary.StartsWith(home + "/", StringComparison.Ordinal));

        var events = await runtime.RunTurnAsync(conversation, $"read /tmp{runtime.Temporary["data/opagent.db"]}");

        Assert.DoesNotContain(events, item => item.Said?.Contains(Secret, StringComparison.Ordinal) == true);

        string ValueOf(string name) => environment.Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];
    }

    [Fact]
    public async Task Agent_OfAPackageInTheWorkspace_HasNotTheHomeOfAnInstalledOneByItsId()
    {
        await using var runtime = await StartAsync();
        runtime.BindScripted();
        Directory.CreateDirectory(Path.Combine(runtime.Home, "packages", "scripted-python"));

        var environment = string.Concat((await runtime.RunTurnAsync(await runtime.CreateAsync(), "env")).Select(item => item.Said));

        Assert.Contains($"HOME={runtime.Home}/homes/scripted-python-", environment);
    }

    [Fact]
    public async Task Rights_TakenBackOrForgotten_EndWhatRuns()
    {
        await using var runtime = await StartAsync();
        runtime.BindScripted();
        await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace, FullRights = true });
        var conversation = await runtime.CreateAsync();
        var first = (await runtime.RunTurnAsync(conversation, "say hello")).Single(item => item.Pid is not null).Pid!.Value;

        await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace });
        Assert.Null(Runtime.Processes.ProcessStatus.Read(first));
        var second = (await runtime.RunTurnAsync(conversation, "say again")).Single(item => item.Pid is not null).Pid!.Value;
        await runtime.Directories.ForgetAsync(new ForgetWorkspaceRequest { Workspace = runtime.Workspace });

        Assert.Null(Runtime.Processes.ProcessStatus.Read(second));
    }

    [Fact]
    public async Task Agent_WithoutANetwork_StillFindsItsEndpointAndNothingElse()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.Temporary.Write("work/caller/agent.json", """
            {"id":"caller","name":"Caller","version":"1.0.0","description":"x","opagent":{"command":{"cmd":"python3","args":["${agentRoot}/agent.py"]}}}
            """);
        runtime.Temporary.Write("work/caller/agent.py", """
            import json, os, socket, sys, urllib.error, urllib.request
            def call(headers):
                try: return str(urllib.request.urlopen(urllib.request.Request(os.environ["OPAGENT_ENDPOINT"] + "/agents/ping", headers=headers), timeout=20).status)
                except urllib.error.HTTPError as error: return str(error.code)
                except OSError as error: return repr(error)
            for line in sys.stdin:
                m = json.loads(line)
                if m["method"] == "initialize": result = {"protocolVersion": 1}
                elif m["method"] == "session/new": result = {"sessionId": "s"}
                else:
                    text = " ".join([call({"Authorization": "Bearer " + os.environ["OPAGENT_TOKEN"]}), call({}), ",".join(sorted(name for _, name in socket.if_nameindex()))])
                    print(json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s", "update": {"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": text}}}}), flush=True)
                    result = {"stopReason": "end_turn"}
                print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": result}), flush=True)
            """);
        runtime.Temporary.Write("work/.opagent/workspace.yaml", "agent: ./caller\nnetwork: off\n");

        var events = await runtime.RunTurnAsync(await runtime.CreateAsync(), "call");

        // With its secret it is let in (no host is attached, so nobody answers yet), without it is not.
        Assert.Equal("503 401 lo", events.Select(item => item.Said).OfType<string>().Single());
    }

    private static async Task<RuntimeFixture> StartAsync()
    {
        var runtime = await RuntimeFixture.StartAsync(environment: [("HOME", "TEMPORARY/user"), ("OPAGENT_HOST_DATA", "TEMPORARY/data")]);
        foreach (var secret in Secrets) runtime.Temporary.Write($"user/{secret}", Secret);
        runtime.Temporary.Write("data/opagent.db", Secret);
        runtime.Temporary.Write("neighbour/private.txt", Secret);
        await runtime.Directories.OpenAsync(new OpenWorkspaceRequest { Path = runtime.Temporary["neighbour"], Trust = true });
        foreach (var file in new[] { ".mcp.json", ".git/config", ".git/hooks/pre-push.sample", "own/.mcp.json", "other/text.md" }) runtime.Temporary.Write($"work/{file}", "mine\n");
        return runtime;
    }

    private static async Task<string> AttackAsync(RuntimeFixture runtime, string directory, bool writes = true)
    {
        var conversation = await runtime.CreateAsync(path: directory, agent: runtime.PutHostile(directory));
        var other = await runtime.CreateAsync(path: "other", agent: runtime.PutHostile("other"));
        Directory.CreateDirectory(runtime.Temporary["outside"]);
        string[] secrets = [.. Secrets.Select(secret => runtime.Temporary[$"user/{secret}"]), runtime.Temporary["data/opagent.db"], runtime.Temporary["neighbour/private.txt"],
            runtime.Temporary["home/workspaces.json"], Path.Combine(runtime.Home, "sessions", conversation.Id, "session.json"), "/etc/shadow"];
        var targets = new
        {
            sockets = new[] { Path.Combine(runtime.Home, "runtime.sock") },
            pids = new[] { runtime.Pid, Environment.ProcessId },
            files = secrets,
            outside = writes ? runtime.Temporary["outside"] : null,
            other = writes && directory.Length > 0 ? Path.GetDirectoryName(other.File) : null,
            directory = writes,
        };

        var events = await runtime.RunTurnAsync(conversation, JsonSerializer.Serialize(targets));

        return events.Select(item => item.Said).OfType<string>().SingleOrDefault() ?? string.Join("; ", events.Select(item => $"{item.Kind} {item.Data}"));
    }

    private static string[] Listing(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(directory, path)).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Order()];
}
