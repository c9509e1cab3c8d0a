using System.Text;
using OpAgent.Protocol;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Tests.Sessions;

/// <summary>What a killed daemon leaves and how the next one goes on.</summary>
public sealed class RecoveryTests
{
    private const int CutInACharacter = -1;

    [Fact]
    public async Task Daemon_KilledInTheMiddleOfATurn_NextOneClosesTheTurnAndKeepsWhatWasSaid()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var turn = await runtime.StartTurnAsync(conversation, "say kept text\npid\nhang");
        var before = await runtime.FollowUntilAsync(conversation, 0, item => int.TryParse(item.Said, out _));
        var agent = before.Single(item => item.Pid is not null).Pid!.Value;

        await runtime.KillDaemonAsync();
        while (ProcessStatus.Read(agent) is { State: not 'Z' }) await Task.Yield();
        await runtime.StartDaemonAsync();
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(item => item.Seq));
        Assert.Equal(before.Select(item => item.Data.GetRawText()), events.Take(before.Count).Select(item => item.Data.GetRawText()));
        Assert.Equal((turn.Turn, "interrupted"), (events[^1].Turn, events[^1].StopReason));
        var file = runtime.ReadFile(conversation);
        Assert.Contains("kept text", file);
        Assert.Contains("\"stop\":\"interrupted\"", file);
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say on"))[^1].StopReason);
    }

    [Fact]
    public async Task Daemon_KilledWhilePromptsWait_NextOneAsksThemOnce()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say first\nhang");
        var waiting = await runtime.StartTurnAsync(conversation, "say second", queue: true);
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null);

        await runtime.KillDaemonAsync();
        await runtime.StartDaemonAsync();
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == waiting.Turn);

        Assert.Equal("end_turn", events[^1].StopReason);
        Assert.Single(events, item => item.Said == "second");
        Assert.Equal(2, runtime.ReadFile(conversation).Split("## alice").Length - 1);
    }

    [Fact]
    public async Task Daemon_KilledWhileAnAgentAsks_QuestionEndsCancelled()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "edit note.txt new");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "permission.requested");

        await runtime.KillDaemonAsync();
        await runtime.StartDaemonAsync();
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal("cancelled", events.Single(item => item.Kind == "permission.resolved").Data.GetProperty("option").GetString());
        Assert.Empty((await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CutInACharacter)]
    [InlineData(100_000)]
    public async Task Daemon_KilledWhileTheReplyWasWritten_NextOneCompletesIt(int written)
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var turn = await runtime.StartTurnAsync(conversation, "say what the agent said, größer\nhang");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null);
        await runtime.KillDaemonAsync();
        var prompt = runtime.ReadFile(conversation);
        var reply = $$"""

            <!-- turn {"id":"{{turn.Turn}}","by":"scripted-python@1.0.0","at":"2026-11-22T15:29:05Z","stop":"end_turn"} -->
            ## scripted-python

            what the agent said, größer, to its end

            """;
        // The state between "written down" and "appended".
        var (before, addition) = (Encoding.UTF8.GetBytes(prompt), Encoding.UTF8.GetBytes(reply));
        if (written == CutInACharacter) written = addition.AsSpan().IndexOf("ß"u8) + 1;
        File.WriteAllText(Path.Combine(runtime.Home, "sessions", conversation.Id, "append.md"), $"{before.Length} {addition.Length}\n{reply}");
        File.WriteAllBytes(conversation.File, [.. before, .. addition.Take(written)]);

        await runtime.StartDaemonAsync();
        var ended = (await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended"))[^1];

        Assert.Equal("end_turn", ended.StopReason);
        Assert.Equal(prompt + reply, runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task Session_OfAnAgentThatCanLoad_IsTakenUpByTheNextProcess()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted("", "--load");
        var conversation = await runtime.CreateAsync();
        var session = (await runtime.RunTurnAsync(conversation, "say remember\nsession"))[^2].Said!;
        await runtime.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id, By = "bob" });

        var events = await runtime.RunTurnAsync(conversation, "session\nhistory");

        Assert.StartsWith(session.Split(' ')[0], events.First(item => item.Said is not null).Said);
        Assert.Contains("load", events.First(item => item.Said is not null).Said);
        Assert.DoesNotContain(events, item => item.Said == "remember");
        Assert.Equal("none", events.Last(item => item.Said is not null).Said);
    }

    [Fact]
    public async Task Mode_OfTheBinding_IsSetRightAfterTheSessionBegan()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted("", "--modes");
        runtime.BindScripted("config", "--config-mode");
        File.AppendAllText(runtime.Temporary["work/.opagent/workspace.yaml"], "mode: default\n");

        foreach (var path in new[] { "", "config" })
            Assert.Contains(await runtime.RunTurnAsync(await runtime.CreateAsync(path), "mode"), item => item.Said == "default");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartTurn_AfterAnInterruptedTurnWhoseFileWasBroken_HasItsReplyFirst(bool canBeKept)
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var interrupted = await runtime.StartTurnAsync(conversation, "say kept text\nhang");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null);
        await runtime.KillDaemonAsync();
        var whole = runtime.ReadFile(conversation);
        File.WriteAllText(conversation.File, "broken");
        var obstacle = Path.Combine(runtime.Home, "sessions", conversation.Id, $"unwritten-{interrupted.Turn}-prompt.md");
        if (!canBeKept) Directory.CreateDirectory(obstacle);
        await runtime.StartDaemonAsync();
        if (canBeKept) await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");
        else await RuntimeFixture.UntilAsync(async () => (await File.ReadAllTextAsync(runtime.Log)).Contains("could not be recovered", StringComparison.Ordinal), "the recovery has failed");
        Assert.Equal("broken", runtime.ReadFile(conversation));
        if (!canBeKept) Directory.Delete(obstacle);
        File.WriteAllText(conversation.File, whole);

        var next = await runtime.StartTurnAsync(conversation, "say next");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == next.Turn);

        Assert.Equal([("turn.started", interrupted.Turn), ("turn.ended", interrupted.Turn), ("turn.started", next.Turn), ("turn.ended", next.Turn)],
            events.Where(item => item.Kind is "turn.started" or "turn.ended").Select(item => (item.Kind, item.Turn)));
        var file = runtime.ReadFile(conversation);
        Assert.InRange(file.IndexOf("kept text\n\n<!-- notice", StringComparison.Ordinal), 1, file.IndexOf("say next", StringComparison.Ordinal));
        Assert.Equal(2, file.Split($"\"id\":\"{interrupted.Turn}\"").Length - 1);
    }
}
