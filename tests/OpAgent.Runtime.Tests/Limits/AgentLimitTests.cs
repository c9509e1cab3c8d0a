using OpAgent.Core.Conversations;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Limits;

/// <summary>Real agents that take more than they may.</summary>
public sealed class AgentLimitTests
{
    private const string Place = "(.opagent/workspace.yaml:2)";

    [Fact]
    public async Task Turn_AtItsDeadline_IsCancelledAndNamesTheLimit()
    {
        await using var runtime = await StartAsync("turn: 1h");
        var conversation = await runtime.CreateAsync();
        // The agent's start takes of the time too, and on a busy machine all of it.
        await StartedAsync(runtime, conversation, "say ready");
        Bind(runtime, "turn: 2s");

        var ended = (await runtime.RunTurnAsync(conversation, "say begun\nhang"))[^1];

        Assert.Equal("deadline", ended.StopReason);
        Assert.StartsWith($"turn has reached the limit 2s {Place}", ended.Error);
        var reply = ReplyIn(runtime, conversation);
        Assert.Equal(("deadline", ended.Error), (reply.Stop, reply.Error));
        Assert.Contains("begun", runtime.ReadFile(conversation));
        // The agent lives on, and the next turn has all its time.
        Assert.DoesNotContain(await runtime.RunTurnAsync(conversation, "say on"), item => item.Kind == "agent.started");
    }

    [Fact]
    public async Task Turn_ThatWaitsForAPerson_HasItsTimeLeftAfterwards()
    {
        await using var runtime = await StartAsync("turn: 1h");
        var waiting = await runtime.CreateAsync();
        var other = await runtime.CreateAsync();
        await StartedAsync(runtime, waiting, "say ready");
        await StartedAsync(runtime, other, "say ready");
        Bind(runtime, "turn: 2s");
        var turn = await runtime.StartTurnAsync(waiting, "edit a.txt x\nsay done");
        var asked = await runtime.FollowUntilAsync(waiting, 0, item => item.Kind == "permission.requested");

        // Another turn's deadline tells that more time has passed than this one has.
        Assert.Equal("deadline", (await runtime.RunTurnAsync(other, "hang"))[^1].StopReason);
        Assert.Equal("deadline", (await runtime.RunTurnAsync(other, "hang"))[^1].StopReason);
        await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = asked[^1].Data.GetProperty("permission").GetProperty("id").GetString(), Kind = "allow_once", By = "alice" });

        Assert.Equal("end_turn", (await runtime.FollowUntilAsync(waiting, turn.Seq, item => item.Kind == "turn.ended"))[^1].StopReason);
    }

    [Theory]
    [InlineData("memory: 200MiB", "take-memory 400000000", "memory ", "is over the limit 200 MiB")]
    [InlineData("processes: 3", "spawn-child 600\nspawn-child 600 detached\nspawn-child 600", "processes 4 are", "over the limit 3")]
    [InlineData("openFiles: 64", "open-files 1000", "open files of process ", "have reached the limit 64")]
    [InlineData("output: 1MiB", "flood 20000000", "output of ", "is over the limit 1 MiB a second")]
    public async Task Turn_OverALimit_EndsWithTheLimitItsValueAndItsPlace(string limit, string script, string what, string value)
    {
        await using var runtime = await StartAsync(limit);
        var conversation = await runtime.CreateAsync();

        var events = await runtime.RunTurnAsync(conversation, $"say begun\n{script}\nhang");

        Assert.Equal("limit", events[^1].StopReason);
        Assert.StartsWith(what, events[^1].Error);
        Assert.Contains($"{value} {Place}. The agent was ended", events[^1].Error);
        var reply = ReplyIn(runtime, conversation);
        Assert.Equal(("limit", events[^1].Error), (reply.Stop, reply.Error));
        Assert.Contains("begun", runtime.ReadFile(conversation));
        Assert.Equal(("failed", events[^1].Error), await StateOfAsync(runtime, conversation));
        // Whatever it started is gone, and the next prompt starts anew.
        await RuntimeFixture.UntilAsync(async () => (await runtime.Processes.ListAsync(new ListProcessesRequest())).Items.Count == 0, "no process is left");
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say again"))[^1].StopReason);
    }

    [Fact]
    public async Task Turn_WithinItsLimits_IsLeftAlone()
    {
        await using var runtime = await StartAsync("memory: 1GiB, processes: 3, openFiles: 256, turn: 1d, idle: 1d, output: 1MiB");
        var conversation = await runtime.CreateAsync();

        // Four times what may come in a second, at once.
        var events = await runtime.RunTurnAsync(conversation, "take-memory 100000000\nspawn-child 600\nopen-files 100\nflood 4000000\nsleep 1200");

        Assert.Equal("end_turn", events[^1].StopReason);
    }

    [Fact]
    public async Task Stderr_OverTheOutputLimit_CountsToo()
    {
        await using var runtime = await StartAsync("output: 1KiB");
        var conversation = await runtime.CreateAsync();

        var ended = (await runtime.RunTurnAsync(conversation, $"stderr {new string('x', 10_000)}\nhang"))[^1];

        Assert.StartsWith("output of ", ended.Error);
    }

    [Fact]
    public async Task Start_OverALimit_EndsTheTurnWithIt()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        Bind(runtime, "memory: 1MiB", "--hang-at-start");
        var conversation = await runtime.CreateAsync();

        var events = await runtime.RunTurnAsync(conversation, "hang");

        Assert.Equal("limit", events[^1].StopReason);
        Assert.Contains("is over the limit 1 MiB", events[^1].Error);
    }

    [Fact]
    public async Task Agent_OverALimitWithoutATurn_IsEndedWithANotice()
    {
        await using var runtime = await StartAsync("memory: 200MiB");
        var conversation = await runtime.CreateAsync();
        var events = await runtime.RunTurnAsync(conversation, "take-memory 400000000 3000");
        Assert.Equal("end_turn", events[^1].StopReason);

        var after = await runtime.FollowUntilAsync(conversation, events[^1].Seq, item => item.Kind == "agent.exited");

        var notice = Assert.Single(after, item => item.Kind == "notice").Data;
        Assert.Equal("limit-reached", notice.GetProperty("notice").GetString());
        Assert.Contains($"is over the limit 200 MiB {Place}", notice.GetProperty("text").GetString());
        Assert.Equal(("idle", ""), await StateOfAsync(runtime, conversation));
    }

    [Fact]
    public async Task Agent_WithNothingToDo_IsEndedAfterTheBindingsIdleTime()
    {
        await using var runtime = await StartAsync("idle: 1s");
        var conversation = await runtime.CreateAsync();
        var events = await runtime.RunTurnAsync(conversation, "say hello");

        await runtime.FollowUntilAsync(conversation, events[^1].Seq, item => item.Kind == "agent.exited");

        Assert.Equal(("idle", ""), await StateOfAsync(runtime, conversation));
        Assert.Contains(await runtime.RunTurnAsync(conversation, "say on"), item => item.Kind == "agent.started");
    }

    [Fact]
    public async Task Limit_ChangedInTheFile_CountsAtTheNextTurn()
    {
        await using var runtime = await StartAsync("memory: 1GiB");
        var conversation = await runtime.CreateAsync();
        var started = await StartedAsync(runtime, conversation, "take-memory 300000000");

        Bind(runtime, "memory: 200MiB");
        Assert.Equal(started, (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.Pid);
        var ended = (await runtime.RunTurnAsync(conversation, "hang"))[^1];

        Assert.Contains($"is over the limit 200 MiB {Place}", ended.Error);
    }

    [Fact]
    public async Task OpenFiles_MoreThanBefore_TakesANewProcess()
    {
        await using var runtime = await StartAsync("openFiles: 100");
        var conversation = await runtime.CreateAsync();
        var first = await StartedAsync(runtime, conversation, "say one");

        Bind(runtime, "openFiles: 80");
        var narrower = await StartedAsync(runtime, conversation, "say two");
        Bind(runtime, "openFiles: 200");
        var wider = await StartedAsync(runtime, conversation, "open-files 150");

        Assert.Equal(first, narrower);
        Assert.NotEqual(first, wider);
    }

    [Fact]
    public async Task MachineInfo_SaysHowLimitsAreHeld()
    {
        await using var runtime = await RuntimeFixture.StartAsync();

        Assert.Matches("^(cgroup|sampled)$", (await runtime.Machine.GetInfoAsync(new GetInfoRequest())).Limits);
    }

    private static async Task<RuntimeFixture> StartAsync(string limits)
    {
        var runtime = await RuntimeFixture.StartAsync();
        Bind(runtime, limits);
        return runtime;
    }

    private static void Bind(RuntimeFixture runtime, string limits, params string[] arguments)
    {
        runtime.BindScripted("", arguments);
        runtime.Temporary.Write("work/.opagent/workspace.yaml", $"agent: ./scripted\nlimits: {{ {limits} }}\n");
    }

    /// <summary>Runs a script to its good end.</summary>
    /// <returns>The agent's process.</returns>
    private static async Task<int> StartedAsync(RuntimeFixture runtime, ConversationInfo conversation, string script)
    {
        var events = await runtime.RunTurnAsync(conversation, script);
        Assert.Equal("end_turn", events[^1].StopReason);
        return (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.Pid;
    }

    private static Turn ReplyIn(RuntimeFixture runtime, ConversationInfo conversation) => ConversationMarkdown.Parse(runtime.ReadFile(conversation)).Conversation!.Turns[^1];

    private static async Task<(string State, string Reason)> StateOfAsync(RuntimeFixture runtime, ConversationInfo conversation)
    {
        var info = (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info;
        return (info.State, info.Reason);
    }
}
