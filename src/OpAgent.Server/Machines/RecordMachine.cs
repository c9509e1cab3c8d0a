using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>Notes which machine a name stands for.</summary>
internal sealed class RecordMachine(IDbContextFactory<OpAgentDbContext> databases, TimeProvider time) : IAttachStep
{
    public async Task AttachedAsync(MachineConnection machine, CancellationToken cancellationToken)
    {
        var id = await machine.GetIdAsync(cancellationToken);
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var known = await database.Machines.SingleOrDefaultAsync(row => row.Name == machine.Name, cancellationToken);
        if (known?.Id == id) return;

        if (known is not null)
        {
            // The runtime's home was set up anew. It is the same machine to its user, so what was opened stays open.
            await database.Workspaces.Where(workspace => workspace.MachineId == known.Id)
                .ExecuteUpdateAsync(update => update.SetProperty(workspace => workspace.MachineId, id), cancellationToken);
            database.Machines.Remove(known);
            await database.SaveChangesAsync(cancellationToken);
        }

        database.Machines.Add(new() { Id = id, Name = machine.Name, Added = time.GetUtcNow() });
        await database.SaveChangesAsync(cancellationToken);
    }
}
