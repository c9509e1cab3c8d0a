using OpAgent.Core.Bindings;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sessions;
using OpAgent.Runtime.Upgrades;

namespace OpAgent.Runtime.Tests.Upgrades;

public sealed class HandoverFileTests
{
    [Fact]
    public void Take_OfWhatWasWritten_GivesAllOfItOnce()
    {
        using var temporary = new TemporaryDirectory();
        var home = RuntimeHome.Open(temporary["home"]);
        var written = Make(Handover.CurrentFormat, HandoverFile.Self().StartTicks);

        HandoverFile.Write(home, written);
        var mode = File.GetUnixFileMode(temporary["home/handover.json"]);
        var text = File.ReadAllText(temporary["home/handover.json"]);
        var taken = HandoverFile.Take(home);
        HandoverFile.Write(home, taken);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.Equal(text, File.ReadAllText(temporary["home/handover.json"]));
        Assert.Equal([1, 2, 3, 4, 10, 11, 4, 5, 6], taken.Descriptors());
        Assert.Equal([0xFF, 0x00, 0x0A], taken.Conversations[0].Session!.Connection.Unread);
    }

    [Theory]
    [InlineData(99, 0, "format 99")]
    [InlineData(Handover.CurrentFormat, 1, "not for this one")]
    public void Take_OfAnotherFormatOrForAnotherProcess_IsRefusedAndTheFileIsGone(int format, int otherTicks, string reason)
    {
        using var temporary = new TemporaryDirectory();
        var home = RuntimeHome.Open(temporary["home"]);
        HandoverFile.Write(home, Make(format, HandoverFile.Self().StartTicks + otherTicks));

        Assert.Contains(reason, Assert.Throws<IOException>(() => HandoverFile.Take(home)).Message);
        Assert.False(File.Exists(temporary["home/handover.json"]));
    }

    private static Handover Make(int format, long ticks)
    {
        var connection = new ConnectionHandover(7, 7, [0xFF, 0x00, 0x0A], true, "rest"u8.ToArray(), 2, [new OpenRequestHandover("\"q\"", System.Text.Json.JsonElement.Parse("{}"))]);
        var limits = new ResolvedLimits { Memory = new(1L << 31, "a.yaml", 3), Turn = new(TimeSpan.FromMinutes(30), "/srv/policy.yaml", 1) };
        var session = new SessionHandover(
            new ChildHandover(42, 4242, new TreeHandover(44, 43, 4343, "/group", "A=b"), 4, 5, 6), new AgentHandover("writer", "Writer", "1.2.3-beta.1", "/packages/writer"), "True\nReadOnly /", "s1", true, new AgentModes("auto", ["auto", "ask"], null), 0.0042m, ["AB"],
            "tail\n"u8.ToArray(), connection);
        var conversation = new ConversationHandover(
            Guid.CreateVersion7(), "waiting", "why", "docs/a.md", [1234567], new LockHandover(10, ".lock", 11), limits, session, new TurnHandover(Guid.CreateVersion7(), true, TimeSpan.FromSeconds(12.5)),
            [new PermissionHandover(Guid.CreateVersion7(), "\"q\"", DateTimeOffset.UnixEpoch)]);
        return new Handover(format, Environment.ProcessId, ticks, new DaemonHandles(1, 2, 3, 4), [conversation]);
    }
}
