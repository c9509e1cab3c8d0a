using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Upgrades;

/// <summary>Programs that must not replace the daemon's, and switches that fail halfway.</summary>
public sealed class RefusedUpgradeTests
{
    [Fact]
    public async Task Upgrade_ToAProgramThatDoesNotDo_IsRefusedWithTheReasonAndTheTurnGoesOn()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say begun\nwait-file go\nsay done");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Said is not null);
        var text = runtime.Temporary.Write("text", "hello");
        var open = runtime.Script("open", "exit 0");
        File.SetUnixFileMode(open, File.GetUnixFileMode(open) | UnixFileMode.OtherWrite);
        (string Program, string Reason)[] programs =
        [
            (runtime.Temporary["missing"], "does not exist"),
            (runtime.Temporary.Path, "is a directory"),
            (text, "is not executable"),
            (open, "can be written by other users"),
            ("/bin/true", "is no opagent-runtime"),
            (runtime.Script("fails", "echo broken >&2; exit 1"), "exited with code 1 and said: broken"),
            (runtime.Script("older", """echo '{"version":"0.0.9","minProtocol":1,"maxProtocol":1,"handovers":[1]}'"""), "is version 0.0.9, older than the running"),
            (runtime.Script("unversioned", """echo '{"version":"new","minProtocol":1,"maxProtocol":1,"handovers":[1]}'"""), "cannot be compared"),
            (runtime.Script("foreign", """echo '{"version":"99.0.0","minProtocol":50,"maxProtocol":51,"handovers":[1]}'"""), "speaks protocol 50 to 51"),
            (runtime.Script("forgetful", """echo '{"version":"99.0.0","minProtocol":1,"maxProtocol":1,"handovers":[7]}'"""), "cannot go on with the sessions"),
            (runtime.Script("hangs", "exec sleep 1000"), "did not finish its own test"),
        ];

        foreach (var (program, reason) in programs)
        {
            var (exitCode, said) = await runtime.UpgradeAsync(program);
            Assert.Equal(1, exitCode);
            Assert.Contains(reason, said);
            Assert.Contains("stays as it is", said);
        }

        runtime.Temporary.Write("work/go", "");
        Assert.Equal("end_turn", (await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended"))[^1].StopReason);
    }

    [Fact]
    public async Task Upgrade_WhileAnotherIsUnderWay_IsRefused()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        var slow = runtime.Script("slow", $"touch {runtime.Temporary["begun"]}; while ! [ -e {runtime.Temporary["go"]} ]; do :; done; exit 1");
        var first = runtime.UpgradeAsync(slow);
        await RuntimeFixture.UntilAsync(() => Task.FromResult(File.Exists(runtime.Temporary["begun"])), "the first one is being tested");

        var (exitCode, said) = await runtime.UpgradeAsync(slow);
        runtime.Temporary.Write("go", "");

        Assert.Equal(1, exitCode);
        Assert.Contains("Another upgrade is under way", said);
        Assert.Contains("exited with code 1", (await first).Said);
    }

    [Fact]
    public async Task Upgrade_ToAProgramThatIsGoneAtTheSwitch_EverythingGoesOnAsBefore()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "stderr before\nedit note.txt new\nchunks 20 32 1\nstderr after\nexit 3");
        var asked = (await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "permission.requested"))[^1].Data.GetProperty("permission").GetProperty("id").GetString();
        var vanishing = runtime.Script("vanishing", $"rm \"$0\"; exec {runtime.Copy("real")} \"$@\"");

        var (exitCode, said) = await runtime.UpgradeAsync(vanishing);
        await runtime.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = asked, Kind = "allow_once", By = "alice" });
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal(1, exitCode);
        Assert.Contains("The switch failed", said);
        Assert.Equal(Enumerable.Range(1, 20), events.Where(item => item.Said is not null).Select(item => item.Chunk()));
        Assert.Equal("before\nafter", events.Single(item => item.Kind == "agent.exited").Data.GetProperty("stderr").GetString());
        Assert.False(File.Exists(Path.Combine(runtime.Home, "handover.json")));
        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say on"))[^1].StopReason);
    }

    [Fact]
    public async Task Upgrade_ToAProgramThatCannotReadTheHandover_EndsTheSessionsAsAfterACrash()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, "say kept text\npid\nhang");
        var agent = (await runtime.FollowUntilAsync(conversation, 0, item => int.TryParse(item.Said, out _))).Single(item => item.Pid is not null).Pid!.Value;
        var forgetting = runtime.Script("forgetting", $"[ \"$1\" = serve ] && echo lost > {runtime.Home}/handover.json; exec {runtime.Copy("real")} \"$@\"");

        await runtime.UpgradeAsync(forgetting);
        var events = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Equal("interrupted", events[^1].StopReason);
        Assert.Contains("kept text", runtime.ReadFile(conversation));
        await RuntimeFixture.UntilAsync(() => Task.FromResult(Runtime.Processes.ProcessStatus.Read(agent) is null), "the agent is gone");
        Assert.Equal((runtime.Pid, "end_turn"), ((await runtime.Machine.HelloAsync(new HelloRequest { MinProtocol = 1, MaxProtocol = 1 })).Pid, (await runtime.RunTurnAsync(conversation, "say on"))[^1].StopReason));
    }
}
