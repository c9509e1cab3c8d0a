using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Sessions;

/// <summary>What happens when the disk takes no more: the daemon's files are limited in size, which is refused as a full disk is.</summary>
public sealed class StorageTests
{
    [Fact]
    public async Task Turn_WhoseUpdatesTheDiskDoesNotTake_EndsWithTheReasonAndLosesNothingThatWasTold()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var last = (await runtime.RunTurnAsync(conversation, "chunks 2000 100"))[^1].Seq;
        runtime.LimitFileSize(new System.IO.FileInfo(runtime.JournalOf(conversation)).Length + 2000);

        var turn = await runtime.StartTurnAsync(conversation, "flood 20000000\nhang");
        await RuntimeFixture.UntilAsync(async () => await StateOf(runtime, conversation) == "failed", "the turn has ended");
        Assert.Empty((await runtime.Processes.ListAsync(new ListProcessesRequest())).Items);
        Assert.InRange((await runtime.Machine.GetInfoAsync(new GetInfoRequest())).RuntimeMemoryBytes, 1, 500_000_000);
        Assert.Equal("storage-failed", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say no")));
        runtime.LimitFileSize(null);

        var next = await runtime.StartTurnAsync(conversation, "say on");
        var events = await runtime.FollowUntilAsync(conversation, last, item => item.Kind == "turn.ended" && item.Turn == next.Turn);
        Assert.Equal(Enumerable.Range((int)last + 1, events.Count).Select(i => (long)i), events.Select(item => item.Seq));
        var ended = events.Single(item => item.Kind == "turn.ended" && item.Turn == turn.Turn);
        Assert.Equal("interrupted", ended.StopReason);
        Assert.Contains("disk", ended.Error);
        Assert.Contains("say on", runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task Answer_ThatTheDiskDoesNotTake_IsWithdrawnAndTheAgentGoesOn()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        runtime.Temporary.Write("work/note.txt", "old");
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "chunks 2000 100");
        await runtime.StartTurnAsync(conversation, "edit note.txt new");
        await RuntimeFixture.UntilAsync(async () => await StateOf(runtime, conversation) == "waiting", "the agent asks");
        var permission = (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items.Single().Id;
        runtime.LimitFileSize(new System.IO.FileInfo(runtime.JournalOf(conversation)).Length);

        Assert.Equal("storage-failed", await runtime.ProblemOf(async () => await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission, Kind = "allow_once", By = "bob" })));
        await RuntimeFixture.UntilAsync(async () => await StateOf(runtime, conversation) is "failed" or "idle", "the turn has ended");
        runtime.LimitFileSize(null);

        var events = await runtime.RunTurnAsync(conversation, "say on");
        Assert.Equal("end_turn", events[^1].StopReason);
        Assert.Equal("old", File.ReadAllText(runtime.Temporary["work/note.txt"]));
        events = await runtime.FollowUntilAsync(conversation, 0, item => item.Seq == events[^1].Seq);
        Assert.Equal("cancelled", events.Last(item => item.Kind == "permission.resolved").Data.GetProperty("option").GetString());
    }

    [Fact]
    public async Task Turn_WhoseEndTheDiskDoesNotTake_IsWrittenLaterOnceAndWhole()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        runtime.Temporary.Write("work/note.txt", "old");
        var conversation = await runtime.CreateAsync();
        var turn = await runtime.StartTurnAsync(conversation, $"junk no protocol\nedit note.txt new\nwait-file {runtime.Temporary["go"]}\nsay done");
        await RuntimeFixture.UntilAsync(async () => await StateOf(runtime, conversation) == "waiting", "the agent asks");
        var permission = (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items.Single().Id;
        await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission, Kind = "allow_once", By = "bob" });
        runtime.LimitFileSize(100);
        runtime.Temporary.Write("go", "");
        await RuntimeFixture.UntilAsync(async () => await StateOf(runtime, conversation) == "failed", "the end was not written");

        var whileFull = (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Markdown;
        for (var i = 0; i < 3; i++) Assert.Equal("storage-failed", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say no")));
        Assert.DoesNotContain("## scripted-python", runtime.ReadFile(conversation));
        runtime.LimitFileSize(null);
        var next = await runtime.StartTurnAsync(conversation, "say next");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == next.Turn);

        Assert.Equal("end_turn", Assert.Single(events, item => item.Kind == "turn.ended" && item.Turn == turn.Turn).StopReason);
        var file = runtime.ReadFile(conversation);
        Assert.StartsWith(whileFull, file);
        Assert.Equal(2, file.Split($"\"id\":\"{turn.Turn}\"").Length - 1);
        Assert.Contains("\"decision\":\"bob allow_once\"", file);
        Assert.Contains("junk-on-stdout", file);
        Assert.DoesNotContain("runtime-ended", file);
    }

    [Fact]
    public async Task Stop_WhoseEndsTheDiskDoesNotTake_EndsTheAgentAndAsksNoPromptLater()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "chunks 2000 100");
        var running = await runtime.StartTurnAsync(conversation, "say begun\nhang");
        await runtime.FollowUntilAsync(conversation, running.Seq, item => item.Said == "begun");
        var waiting = new List<string>();
        for (var i = 0; i < 3; i++) waiting.Add((await runtime.StartTurnAsync(conversation, $"say waiting {i}", queue: true)).Turn);
        runtime.LimitFileSize(new System.IO.FileInfo(runtime.JournalOf(conversation)).Length);

        var stopped = await runtime.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id, By = "bob" });

        Assert.Equal(0, stopped.Queued);
        Assert.Empty((await runtime.Processes.ListAsync(new ListProcessesRequest())).Items);
        runtime.LimitFileSize(null);
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say after"))[^1].StopReason);
        await runtime.KillDaemonAsync();
        await runtime.StartDaemonAsync();
        var last = await runtime.StartTurnAsync(conversation, "say last");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == last.Turn);
        Assert.All(waiting.Append(running.Turn), turn => Assert.Equal("cancelled", Assert.Single(events, item => item.Kind == "turn.ended" && item.Turn == turn).StopReason));
        Assert.DoesNotContain(events, item => item.Kind == "turn.started" && waiting.Contains(item.Turn!));
    }

    private static async Task<string> StateOf(RuntimeFixture runtime, ConversationInfo conversation) =>
        (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.State;
}
