using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Grpc.Core;
using OpAgent.Protocol;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Tests.Upgrades;

/// <summary>A daemon that replaces its program while agents are at work.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task Upgrade_ThereAndBackInTheMiddleOfAStream_EveryChunkComesOnceInOrderFromTheSameProcesses()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var turn = await runtime.StartTurnAsync(conversation, "pid\nchunks 100000 32 2");
        var before = await runtime.FollowUntilAsync(conversation, 0, item => item.Said?.StartsWith("50.", StringComparison.Ordinal) == true);
        var agent = before.Single(item => item.Pid is not null).Pid!.Value;

        var environment = File.ReadAllText($"/proc/{runtime.Pid}/environ");
        await runtime.SwitchAsync(runtime.Copy("second"));
        var between = (await runtime.FollowUntilAsync(conversation, before[^1].Seq, item => item.Said is not null, before[^1].Epoch))[^1];
        await runtime.SwitchAsync(runtime.Copy("first"));
        var at = (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info;
        var after = await runtime.FollowUntilAsync(conversation, at.LastSeq, item => item.Seq > at.LastSeq + 50);
        await runtime.Conversations.CancelAsync(new CancelTurnRequest { Conversation = conversation.Id, Turn = turn.Turn, By = "alice" });
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        var times = events.Where(item => item.Said is not null).Select(item => item.Data.GetProperty("at").GetDateTimeOffset()).ToList();
        var gaps = times.Zip(times.Skip(1), (one, next) => (next - one).TotalMilliseconds).OrderDescending().Take(2);
        TestContext.Current.SendDiagnosticMessage($"Switches held the stream up for {string.Join(" and ", gaps.Select(gap => $"{gap:0}"))} ms.");
        Assert.Equal((agent, turn.Turn, "running"), (at.Pid, at.Turn, at.State));
        Assert.True(after[^1].Seq > between.Seq);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(item => item.Seq));
        var chunks = events.Where(item => item.Said is not null).Skip(1).Select(item => item.Chunk()).ToList();
        Assert.Equal(Enumerable.Range(1, chunks.Count), chunks);
        Assert.Equal("cancelled", events[^1].StopReason);
        Assert.Single(events, item => item.Kind == "agent.started");
        Assert.Equal(environment, File.ReadAllText($"/proc/{runtime.Pid}/environ"));
        // The fold of the turn was made again from the journal, twice.
        var file = runtime.ReadFile(conversation);
        Assert.Contains(string.Concat(events.Where(item => item.Said is not null).Skip(1).Select(item => item.Said)), file);
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say on"))[^1].StopReason);
        Assert.Equal(agent, (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.Pid);
    }

    [Fact]
    public async Task Upgrade_WhileAnAgentAsks_TheQuestionStaysAndItsAnswerReachesTheAgent()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "edit note.txt new");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "permission.requested");
        var asked = (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items.Single();

        await runtime.SwitchAsync(runtime.Copy("second"));
        var kept = (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items.Single();
        var state = (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.State;
        await runtime.SwitchAsync(runtime.Copy("third"));
        await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = asked.Id, Kind = "allow_once", By = "alice" });
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal(asked, kept);
        Assert.Equal("waiting", state);
        Assert.Equal("end_turn", events[^1].StopReason);
        Assert.Equal("new", File.ReadAllText(Path.Combine(runtime.Workspace, "note.txt")).TrimEnd());
        Assert.Single(events, item => item.Kind == "permission.requested");
        Assert.Single(events, item => item.Kind == "permission.resolved");
        Assert.Contains("alice allow_once", runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task Upgrade_WhilePromptsWait_TheyAreAskedInOrderOfTheSameAgent()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "wait-file go\nsay first");
        await runtime.StartTurnAsync(conversation, "say second", queue: true);
        var last = await runtime.StartTurnAsync(conversation, "say third", queue: true);
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "agent.started");

        await runtime.SwitchAsync(runtime.Copy("second"));
        runtime.Temporary.Write("work/go", "");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == last.Turn);

        Assert.Equal(["first", "second", "third"], events.Select(item => item.Said).OfType<string>());
        Assert.Single(events, item => item.Kind == "agent.started");
        Assert.Equal(3, runtime.ReadFile(conversation).Split("## alice").Length - 1);
    }

    [Fact]
    public async Task Upgrade_WhileAnAgentEnds_ItsEndIsToldOnceByTheNextProgram()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "stderr last words\npid\nhang");
        var agent = (await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null)).Single(item => item.Pid is not null).Pid!.Value;

        // Between the one program and the other. A shell would reap it.
        var program = runtime.Copy("second");
        var script = $"import os, sys\nif sys.argv[1] == 'serve': os.kill({agent}, 9)\nos.execv('{program}', ['{program}'] + sys.argv[1:])";
        var (exitCode, said) = await runtime.UpgradeAsync(runtime.Script("killing", script, "/usr/bin/env python3"));
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        var exit = Assert.Single(events, item => item.Kind == "agent.exited").Data;
        Assert.True(exitCode == 0, said);
        Assert.Equal(("SIGKILL", "last words"), (exit.GetProperty("signal").GetString(), exit.GetProperty("stderr").GetString()));
        Assert.Equal("interrupted", events[^1].StopReason);
        Assert.False(File.Exists(Path.Combine(runtime.Home, "handover.json")));
        await RuntimeFixture.UntilAsync(() => Task.FromResult(ProcessStatus.Read(agent) is null), "the agent was reaped");
    }

    [Fact]
    public async Task Upgrade_OfAnAgentThatWritesToStderr_KeepsTheTail()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "stderr before\nsay written\nwait-file go\nstderr after\nexit 3");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null);

        await runtime.SwitchAsync(runtime.Copy("second"));
        runtime.Temporary.Write("work/go", "");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal("before\nafter", events.Single(item => item.Kind == "agent.exited").Data.GetProperty("stderr").GetString());
    }

    [Fact]
    public async Task Upgrade_WhileAnAgentStarts_WaitsForIt()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(runtime.Workspace, "scripted/agent.json")))!;
        var command = manifest["opagent"]!["command"]!;
        var program = $"{command["cmd"]} {string.Join(' ', command["args"]!.AsArray().Select(argument => $"\"{argument}\""))}".Replace("${agentRoot}", Path.Combine(runtime.Workspace, "scripted"), StringComparison.Ordinal);
        (command["cmd"], command["args"]) = ("/bin/sh", new JsonArray("-c", $"while ! [ -e {runtime.Temporary["go"]} ]; do :; done; exec {program}"));
        File.WriteAllText(Path.Combine(runtime.Workspace, "scripted/agent.json"), manifest.ToJsonString());
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say started");
        var switching = runtime.UpgradeAsync(runtime.Script("telling", $"[ \"$1\" = serve ] && exec {runtime.Copy("second")} \"$@\"; {runtime.Temporary["second/opagent-runtime"]} \"$@\" && touch {runtime.Temporary["tested"]}"));
        await RuntimeFixture.UntilAsync(() => Task.FromResult(File.Exists(runtime.Temporary["tested"])), "the program was tested");

        runtime.Temporary.Write("go", "");
        var (exitCode, said) = await switching;
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.True(exitCode == 0, said);
        Assert.Equal("end_turn", events[^1].StopReason);
        Assert.Single(events, item => item.Said == "started");
        Assert.Single(events, item => item.Kind == "agent.started");
    }

    [Fact]
    public async Task Upgrade_WithFollowers_EndsTheirStreamsWithAStatusThatMeansAskAgain()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "say done");
        using var follow = runtime.Conversations.Follow(new FollowRequest { Conversation = conversation.Id });
        await RuntimeFixture.UntilAsync(async () => await follow.ResponseStream.MoveNext(RuntimeFixture.Cancellation) && follow.ResponseStream.Current.Kind == "turn.ended", "all was followed");
        var position = follow.ResponseStream.Current;
        var following = Assert.ThrowsAsync<RpcException>(() => follow.ResponseStream.MoveNext(RuntimeFixture.Cancellation));

        await runtime.SwitchAsync(runtime.Copy("second"));
        var ended = await following;
        await runtime.StartTurnAsync(conversation, "say more");
        var events = await runtime.FollowUntilAsync(conversation, position.Seq, item => item.Kind == "turn.ended", position.Epoch);

        Assert.Equal((StatusCode.Unavailable, "true"), (ended.StatusCode, ended.Trailers.GetValue(ProtocolVersion.ReplacedTrailer)));
        Assert.Equal(position.Seq + 1, events[0].Seq);
        Assert.DoesNotContain(events, item => item.Kind is "reset" or "agent.started");
    }

    [Fact]
    public async Task Upgrade_WithALiveSession_ItsEndpointAndSecretStayGood()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var environment = (await runtime.RunTurnAsync(conversation, "env")).Single(item => item.Said is not null).Said!
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        using var http = new HttpClient();
        async Task<HttpStatusCode> AskAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, environment["OPAGENT_ENDPOINT"]) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            return (await http.SendAsync(request, RuntimeFixture.Cancellation)).StatusCode;
        }

        var before = (await AskAsync(environment["OPAGENT_TOKEN"]), await AskAsync("wrong"));
        await runtime.SwitchAsync(runtime.Copy("second"));
        var after = (await AskAsync(environment["OPAGENT_TOKEN"]), await AskAsync("wrong"));
        await runtime.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id, By = "alice" });

        Assert.Equal(HttpStatusCode.Unauthorized, before.Item2);
        Assert.NotEqual(HttpStatusCode.Unauthorized, before.Item1);
        Assert.Equal(before, after);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(environment["OPAGENT_TOKEN"]));
    }

    [Fact]
    public async Task Upgrade_WhileCommandsCome_EachHappensOnce()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var program = runtime.Copy("second");
        var switching = runtime.SwitchAsync(program);
        var made = new List<string>();
        while (!switching.IsCompleted)
        {
            var request = new CreateConversationRequest { Id = $"{Guid.CreateVersion7()}", Workspace = runtime.Workspace, Title = "Test" };
            await RuntimeFixture.UntilAsync(() => HappensAsync(() => runtime.Conversations.CreateAsync(request).ResponseAsync), "the conversation was made");
            made.Add(request.Id);
        }

        await switching;
        using var list = runtime.Conversations.List(new ListConversationsRequest { Workspace = runtime.Workspace });
        var found = await list.ResponseStream.ReadAllAsync(RuntimeFixture.Cancellation).Select(item => item.Id).ToListAsync(RuntimeFixture.Cancellation);
        Assert.Equal(made.Order(), found.Order());
    }

    [Fact]
    public async Task Upgrade_RepeatedWithTheSameCommand_HasHappenedOnce()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        var request = new UpgradeRequest { Command = $"{Guid.NewGuid()}", Program = runtime.Copy("second") };
        UpgradeReply? reply = null;
        await RuntimeFixture.UntilAsync(() => HappensAsync(async () => reply = await runtime.Machine.UpgradeAsync(request)), "the new program answers");
        // It would be looked at again if this were another command.
        File.Delete(request.Program);

        Assert.Equal(reply, await runtime.Machine.UpgradeAsync(request));
        Assert.Equal("upgrade-refused", await runtime.ProblemOf(() => runtime.Machine.UpgradeAsync(new UpgradeRequest { Command = $"{Guid.NewGuid()}", Program = request.Program }).ResponseAsync));
    }

    /// <summary>Whether a call was answered; false where its connection was lost, and then it may be repeated.</summary>
    private static async Task<bool> HappensAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (RpcException lost) when (lost.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
