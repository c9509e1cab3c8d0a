using OpAgent.Core.Problems;

namespace OpAgent.Server.Machines;

/// <summary>The machines that the host knows, by the names people use and by the ids of their runtimes.</summary>
internal sealed class MachineRegistry(MachineConnection local, LiveBoard board)
{
    /// <summary>The host's own machine is always called so.</summary>
    public const string Local = "local";

    public IReadOnlyList<MachineConnection> All { get; } = [local];

    /// <exception cref="ProblemException">No machine has this name or id.</exception>
    public MachineConnection Get(string nameOrId) =>
        All.FirstOrDefault(machine => machine.Name == nameOrId || machine.Hello?.MachineId == nameOrId)
        ?? throw KnownProblems.MachineNotFound.With($"No machine is called '{nameOrId}': GET /api/v1/machines lists those that are known.");

    /// <summary>The machine that a conversation or permission request is on.</summary>
    public MachineConnection Holding(string id) => board.MachineOf(id) is { } name ? Get(name) : local;
}
