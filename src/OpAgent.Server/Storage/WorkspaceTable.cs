using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Storage;

/// <summary>The opened workspaces in <c>opagent.db</c>.</summary>
internal sealed class WorkspaceTable(IDbContextFactory<OpAgentDbContext> databases)
{
    public async Task<IReadOnlyList<Workspace>> ListAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Workspaces.AsNoTracking().ToListAsync(cancellationToken);
    }

    public async Task AddAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        database.Workspaces.Add(workspace);
        await database.SaveChangesAsync(cancellationToken);
    }

    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Workspaces.Where(workspace => workspace.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
