using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>Notes the id of the machine that a name stands for.</summary>
internal sealed class RecordMachine(MachineTable table) : IAttachStep
{
    public async Task AttachedAsync(MachineConnection machine, CancellationToken cancellationToken) =>
        await table.RecordAsync(machine.Name, await machine.GetIdAsync(cancellationToken), cancellationToken);
}
