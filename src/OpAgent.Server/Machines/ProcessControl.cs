using OpAgent.Core.Problems;

namespace OpAgent.Server.Machines;

/// <summary>Signals the processes of sessions.</summary>
internal sealed class ProcessControl(MachineRegistry machines)
{
    private const int Kill = 9;

    /// <summary>Kills the agent of a conversation, as a crash would: it is neither asked nor told.</summary>
    /// <exception cref="ProblemException">No agent of the conversation runs.</exception>
    public async Task KillAgentAsync(string conversation, CancellationToken cancellationToken)
    {
        var processes = machines.Holding(conversation).Processes;
        var listed = await processes.ListAsync(new(), cancellationToken: cancellationToken);
        var agent = listed.Items.FirstOrDefault(process => process.Conversation == conversation && process.SessionLeader)
            ?? throw KnownProblems.InvalidRequest.With("No agent of this conversation runs any more: there is nothing to kill.");
        await processes.SignalAsync(new() { Pid = agent.Pid, Signal = Kill }, cancellationToken: cancellationToken);
    }
}
