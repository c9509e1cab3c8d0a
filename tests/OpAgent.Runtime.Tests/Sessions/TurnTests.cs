using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Sessions;

/// <summary>Whole turns through a real daemon and a real agent process.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task Turn_ToItsEnd_IsToldInOrderAndStandsInTheFile()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync(title: "Hello there");

        var events = await runtime.RunTurnAsync(conversation, "say Hello\nchunks 100\ncwd");

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(item => item.Seq));
        Assert.Equal("turn.started", events[0].Kind);
        Assert.Equal("agent.started", events[1].Kind);
        Assert.Equal("end_turn", events[^1].StopReason);
        Assert.Contains(events, item => item.Said?.Contains(runtime.Workspace, StringComparison.Ordinal) == true);
        var file = runtime.ReadFile(conversation);
        Assert.EndsWith("-hello-there.md", conversation.File);
        Assert.Contains("\"by\":\"alice\"", file);
        Assert.Contains("\"stop\":\"end_turn\"", file);
        Assert.Contains("## scripted-python", file);
    }

    [Fact]
    public async Task Environment_OfAnAgent_HoldsWhatIsPromisedAndNothingElse()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();

        var said = string.Concat((await runtime.RunTurnAsync(conversation, "env")).Select(item => item.Said));

        var names = said.Split('\n').Where(line => line.Contains('=')).Select(line => line.Split('=')[0]).ToHashSet();
        Assert.Superset(new HashSet<string> { "PATH", "LANG", "TMPDIR", "HOME", "OPAGENT_ENDPOINT", "OPAGENT_TOKEN", "OPAGENT_CONVERSATION", "OPAGENT_WORKSPACE" }, names);
        Assert.DoesNotContain("OPAGENT_TEST_SECRET", names);
        Assert.DoesNotContain("OPAGENT_RUNTIME_HOME", names);
        Assert.Contains($"HOME={runtime.Home}/homes/scripted-python\n", said + "\n");
        Assert.Contains($"OPAGENT_CONVERSATION={conversation.Id}", said);
    }

    [Fact]
    public async Task StartTurn_WhileOneRuns_IsRefusedUnlessItMayWait()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var first = await runtime.StartTurnAsync(conversation, $"wait-file {runtime.Temporary["go"]}\nsay one");

        Assert.Equal("turn-running", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say no")));
        var second = await runtime.StartTurnAsync(conversation, "say two", queue: true);
        Assert.True(second.Queued);
        runtime.Temporary.Write("go", "");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == second.Turn);

        Assert.Equal(["turn.started", "turn.queued", "turn.ended", "turn.started", "turn.ended"], events.Select(item => item.Kind).Where(kind => kind.StartsWith("turn.", StringComparison.Ordinal)));
        Assert.Equal(first.Turn, events.First(item => item.Kind == "turn.ended").Turn);
        var file = runtime.ReadFile(conversation);
        Assert.True(file.IndexOf("one", StringComparison.Ordinal) < file.IndexOf("say two", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartTurn_SameCommandAgain_HasHappenedOnce()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();

        var first = await runtime.StartTurnAsync(conversation, "say once", command: "c1");
        var again = await runtime.StartTurnAsync(conversation, "say once", command: "c1");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal(first, again);
        Assert.Equal("idempotency-key-reused", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say other", command: "c1")));
        await runtime.KillDaemonAsync();
        await runtime.StartDaemonAsync();
        Assert.Equal(first, await runtime.StartTurnAsync(conversation, "say once", command: "c1"));
        Assert.Equal(1, runtime.ReadFile(conversation).Split("## alice").Length - 1);
    }

    [Fact]
    public async Task StartTurn_InADirectoryNobodyTrusts_RunsNothing()
    {
        await using var runtime = await RuntimeFixture.StartAsync(trust: false);
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();

        Assert.Equal("workspace-not-trusted", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "pid")));
        Assert.Empty((await runtime.Processes.ListAsync(new ListProcessesRequest())).Items);
        await runtime.Directories.TrustAsync(new TrustRequest { Workspace = runtime.Workspace });
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "pid"))[^1].StopReason);
    }

    [Theory]
    [InlineData("allow_once", "new")]
    [InlineData("reject_once", "old")]
    public async Task Permission_Answered_IsToldToTheAgentAndKept(string option, string content)
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        runtime.Temporary.Write("work/note.txt", "old");
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "edit note.txt new");
        var asked = (await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "permission.requested"))[^1];
        var permission = asked.Data.GetProperty("permission").GetProperty("id").GetString()!;

        Assert.Equal("waiting", (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.State);
        Assert.Equal("option-not-offered", await runtime.ProblemOf(async () => await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission, Kind = "nonsense", By = "bob" })));
        var answer = await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission, Kind = option, By = "bob" });
        Assert.Equal("permission-resolved", await runtime.ProblemOf(async () => await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission, Kind = option, By = "eve" })));
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal(("answered", "bob"), (answer.State, answer.By));
        Assert.Equal(option, events.Single(item => item.Kind == "permission.resolved").Data.GetProperty("option").GetString());
        Assert.Equal(content, File.ReadAllText(runtime.Temporary["work/note.txt"]).TrimEnd());
        Assert.Contains($"\"decision\":\"bob {option}\"", runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task Cancel_RunningTurn_EndsItAndItsQuestion()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say before\nedit note.txt new");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "permission.requested");

        Assert.True((await runtime.Conversations.CancelAsync(new CancelTurnRequest { Conversation = conversation.Id, By = "bob" })).Cancelled);
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal("cancelled", events[^1].StopReason);
        Assert.Equal("cancelled", events.Single(item => item.Kind == "permission.resolved").Data.GetProperty("option").GetString());
        Assert.Contains("before", runtime.ReadFile(conversation));
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say after"))[^1].StopReason);
    }

    [Fact]
    public async Task Cancel_OfATurnWhoseFileIsGone_SaysHowTheConversationIs()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say before\nhang");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null);
        File.Delete(conversation.File);

        var reply = await runtime.Conversations.CancelAsync(new CancelTurnRequest { Conversation = conversation.Id, By = "bob" });

        Assert.Equal((true, conversation.Id), (reply.Cancelled, reply.Conversation.Id));
    }

    [Fact]
    public async Task Stop_AgentThatIgnoresCancel_EndsItsProcess()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "ignore-cancel\nsay ready\nhang");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said?.Contains("ready", StringComparison.Ordinal) == true);

        var info = await runtime.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id, By = "bob" });

        Assert.Equal("stopped", info.State);
        Assert.Empty((await runtime.Processes.ListAsync(new ListProcessesRequest())).Items);
        Assert.Equal("cancelled", (await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended"))[^1].StopReason);
    }

    [Fact]
    public async Task Agent_DiesInTheMiddle_TurnIsInterruptedAndTheNextPromptWorks()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();

        var events = await runtime.RunTurnAsync(conversation, "say partial text\nstderr last words\nkill 9");

        Assert.Equal("interrupted", events[^1].StopReason);
        var exited = events.Single(item => item.Kind == "agent.exited").Data;
        Assert.Equal("SIGKILL", exited.GetProperty("signal").GetString());
        Assert.Contains("last words", exited.GetProperty("stderr").GetString());
        var file = runtime.ReadFile(conversation);
        Assert.Contains("partial text", file);
        Assert.Contains("last words", file);
        Assert.Equal("failed", (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.State);
        Assert.Contains(await runtime.RunTurnAsync(conversation, "history"), item => item.Said?.Contains("partial text", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("--fail-initialize")]
    [InlineData("--exit-at-start 3")]
    public async Task Agent_DoesNotStart_TurnSaysWhy(string arguments)
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted("", arguments.Split(' '));
        var conversation = await runtime.CreateAsync();

        var ended = (await runtime.RunTurnAsync(conversation, "say never"))[^1];

        Assert.Equal("interrupted", ended.StopReason);
        Assert.Contains("scripted-python@1.0.0", ended.Error);
        Assert.Contains("initialize", ended.Error);
    }

    [Fact]
    public async Task Agent_PrintsJunk_GoesOnAndTheTurnSaysSo()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted("", "--junk-at-start");
        var conversation = await runtime.CreateAsync();

        var events = await runtime.RunTurnAsync(conversation, "junk more junk\njunk-bytes 5000\nsay fine");

        Assert.Equal("end_turn", events[^1].StopReason);
        Assert.Contains("junk-on-stdout", runtime.ReadFile(conversation));
        Assert.Contains("fine", runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task Follow_WithAnotherEpoch_IsResetToTheEnd()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var last = (await runtime.RunTurnAsync(conversation, "say x"))[^1];

        var reset = (await runtime.FollowUntilAsync(conversation, 2, _ => true, epoch: "wrong")).Single();

        Assert.Equal(("reset", last.Seq + 1), (reset.Kind, reset.Data.GetProperty("nextSeq").GetInt64()));
    }

    [Fact]
    public async Task Follow_ManyUpdates_HasEveryNumberOnceAndInOrder()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();

        var events = await runtime.RunTurnAsync(conversation, "chunks 20000 10");

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(item => item.Seq));
        Assert.Equal(20000, events.Count(item => item.Said is not null));
    }

    [Fact]
    public async Task SetMode_WhileTheAgentStarts_IsSetOnceItHasStarted()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted("", "--modes");
        var script = runtime.Temporary["work/scripted/agent.py"];
        File.WriteAllText(script, File.ReadAllText(script).Replace("    def new(self, params):\n", $"    def new(self, params):\n        while not os.path.exists('{runtime.Temporary["go"]}'):\n            time.sleep(0.002)\n"));
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "mode");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "agent.started");

        await runtime.Conversations.SetModeAsync(new SetModeRequest { Conversation = conversation.Id, Mode = "default" });
        runtime.Temporary.Write("go", "");
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Contains(events, item => item.Said == "default");
    }

    [Fact]
    public async Task Permission_Answered_KeepsOnlyWhatItWasCalled()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, $"edit note.txt {new string('x', 100_000)}");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "permission.requested");
        var pending = (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items.Single();
        Assert.InRange(pending.ToolCall.Length, 100_000, int.MaxValue);

        await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = pending.Id, Kind = "allow_once", By = "bob" });

        var kept = (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest())).Items.Single();
        Assert.Equal("""{"toolCallId":"edit-1","title":"Edit note.txt","kind":"edit"}""", kept.ToolCall.ToStringUtf8());
        Assert.Equal("bob", kept.By);
    }

    [Fact]
    public async Task Get_WhilePromptsAreAccepted_NeverIsBeyondAPromptThatItDoesNotShow()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, $"wait-file {runtime.Temporary["go"]}");
        var seen = new List<(long LastSeq, int Waiting)>();

        for (var number = 1; number <= 30; number++)
        {
            var accepted = runtime.StartTurnAsync(conversation, $"say {number}", queue: true);
            while (!accepted.IsCompleted)
            {
                var snapshot = await runtime.Conversations.GetAsync(new() { Id = conversation.Id }, cancellationToken: RuntimeFixture.Cancellation);
                seen.Add((snapshot.Info.LastSeq, snapshot.Queue.Count));
            }

            await accepted;
        }

        var queued = (await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.queued" && item.Data.GetProperty("text").GetString() == "say 30"))
            .Where(item => item.Kind == "turn.queued").Select(item => item.Seq).ToList();
        Assert.All(seen, item => Assert.True(item.Waiting >= queued.Count(seq => seq <= item.LastSeq), $"{item.Waiting} wait at event {item.LastSeq}"));
    }

    [Fact]
    public async Task Permission_MoreThanMayWait_AreRefused()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var script = runtime.Temporary["work/scripted/agent.py"];
        File.WriteAllText(script, File.ReadAllText(script).Replace("    def run_line(self, line):\n", """
                def run_line(self, line):
                    for i in range(150):
                        self.client.send(id=1000 + i, method="session/request_permission", params={"sessionId": self.session.id,
                            "toolCall": {"toolCallId": "t"}, "options": [{"optionId": "a", "name": "Allow", "kind": "allow_once"}]})

            """));
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say asked\nhang");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said == "asked");

        Assert.Equal(100, (await runtime.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true })).Items.Count);
    }
}
