using Microsoft.EntityFrameworkCore;

namespace OpAgent.Server.Storage;

/// <summary>The machines in <c>opagent.db</c>.</summary>
internal sealed class MachineTable(IDbContextFactory<OpAgentDbContext> databases, TimeProvider time)
{
    /// <summary>Notes which machine a name stands for.</summary>
    public async Task RecordAsync(string name, string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var known = await database.Machines.SingleOrDefaultAsync(row => row.Name == name, cancellationToken);
        if (known?.Id == id) return;

        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (known is not null)
        {
            // The runtime's home was set up anew. It is the same machine to its user, so what was opened stays open.
            await database.Workspaces.Where(workspace => workspace.MachineId == known.Id)
                .ExecuteUpdateAsync(update => update.SetProperty(workspace => workspace.MachineId, id), cancellationToken);
            database.Machines.Remove(known);
            await database.SaveChangesAsync(cancellationToken);
        }

        database.Machines.Add(new() { Id = id, Name = name, Added = time.GetUtcNow() });
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
