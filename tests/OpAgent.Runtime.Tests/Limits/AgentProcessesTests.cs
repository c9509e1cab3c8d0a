using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Tests.Limits;

/// <summary>Against made-up lists of processes. 100 is the agent; this process stands for the runtime.</summary>
public class AgentProcessesTests
{
    private static readonly int Runtime = Environment.ProcessId;

    [Fact]
    public void Update_ChildrenAndSession_AreTheAgents() => Assert.Equal(
        [100, 101, 102, 103],
        Pids(new AgentProcesses(100), Process(100, Runtime), Process(101, 100), Process(102, 101, session: 102), Process(103, 1, session: 100), Process(200, Runtime), Process(201, 200), Process(300, 1)));

    [Fact]
    public void Update_Orphan_StaysTheAgentsWithWhatItStartsLater()
    {
        var processes = new AgentProcesses(100);
        Pids(processes, Process(100, Runtime), Process(101, 100, session: 101), Process(102, 101, session: 102));

        Assert.Equal([100, 102, 103], Pids(processes, Process(100, Runtime), Process(102, Runtime, session: 102), Process(103, 102, session: 103)));
        Assert.Equal([102], Pids(processes, Process(102, Runtime, session: 102)));
    }

    [Fact]
    public void Update_NumberThatWasGivenOutAgain_IsAnotherProcess()
    {
        var processes = new AgentProcesses(100);
        Pids(processes, Process(100, Runtime), Process(101, 100, session: 101));

        Assert.Equal([100], Pids(processes, Process(100, Runtime), Process(101, Runtime, session: 101, start: 9)));
    }

    [Fact]
    public void Update_InsideASandbox_CountsOrphansButNotTheSandbox() => Assert.Equal(
        [100, 101, 102],
        Pids(new AgentProcesses(100), Process(98, Runtime), Process(99, 98), Process(100, 99, session: 99), Process(101, 100, session: 101), Process(102, 99, session: 102)));

    [Fact]
    public void Update_EndedOrGone_IsNotCounted() =>
        Assert.Empty(Pids(new AgentProcesses(100), Process(100, Runtime) with { State = 'Z' }, Process(200, Runtime)));

    [Fact]
    public void Update_ListWithACircle_Ends() =>
        Assert.Equal([100], Pids(new AgentProcesses(100), Process(100, Runtime), Process(200, 201), Process(201, 200)));

    private static IEnumerable<int> Pids(AgentProcesses processes, params ProcessStatus[] all) =>
        processes.Update(all.ToDictionary(status => status.Pid)).Select(status => status.Pid).Order();

    private static ProcessStatus Process(int pid, int parent, int session = 1, long start = 1) => new(pid, parent, session, 'S', TimeSpan.Zero, start, 0);
}
