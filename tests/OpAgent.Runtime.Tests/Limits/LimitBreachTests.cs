using OpAgent.Core.Bindings;
using OpAgent.Runtime.Limits;

namespace OpAgent.Runtime.Tests.Limits;

public class LimitBreachTests
{
    private const string File = "docs/.opagent/workspace.yaml";

    [Fact]
    public void Text_OfEachLimit_NamesItsValueAndPlace()
    {
        Assert.Equal("memory 2.1 GiB is over the limit 2 GiB (docs/.opagent/workspace.yaml:7)", LimitBreach.OfMemory((2L << 30) + 1, Set(2L << 30)).Text);
        Assert.Equal("memory 530.3 MB is over the limit 512 MB (docs/.opagent/workspace.yaml:7)", LimitBreach.OfMemory(530_200_001, Set(512_000_000L)).Text);
        Assert.Equal("memory has reached the limit 2 GiB (docs/.opagent/workspace.yaml:7)", LimitBreach.Reached(Set(2L << 30)).Text);
        Assert.Equal("processes 65 are over the limit 64 (docs/.opagent/workspace.yaml:7)", LimitBreach.OfProcesses(65, Set(64)).Text);
        Assert.Equal("open files of process 4711 have reached the limit 1024 (docs/.opagent/workspace.yaml:7)", LimitBreach.OfOpenFiles(4711, Set(1024)).Text);
        Assert.Equal("output of 40.1 MiB within 5 s is over the limit 8 MiB a second (docs/.opagent/workspace.yaml:7)", LimitBreach.OfOutput((40L << 20) + 1, Set(8L << 20)).Text);
        Assert.Equal("turn has reached the limit 30m (docs/.opagent/workspace.yaml:7)", LimitBreach.Deadline(Set(TimeSpan.FromMinutes(30))).Text);
    }

    [Fact]
    public void Outcome_OfALimitAndOfADeadline_HasItsOwnStopReasonAndSaysWhatToDo()
    {
        var limit = LimitBreach.OfProcesses(65, Set(64)).Outcome;
        var deadline = LimitBreach.Deadline(Set(TimeSpan.FromMinutes(30))).Outcome;

        Assert.Equal(("limit", true), (limit.StopReason, limit.Failed));
        Assert.Equal(("deadline", false), (deadline.StopReason, deadline.Failed));
        Assert.EndsWith("send the prompt again to go on.", limit.Error);
        Assert.EndsWith("send the prompt again to go on.", deadline.Error);
    }

    private static Sourced<T> Set<T>(T value) => new(value, File, 7);
}
