using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Security;

namespace OpAgent.Server.Storage;

/// <summary>Questions about the accounts in <c>opagent.db</c>; Identity's own store changes them.</summary>
internal sealed class AccountTable(IDbContextFactory<OpAgentDbContext> databases)
{
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Accounts.AnyAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Accounts.AsNoTracking().ToListAsync(cancellationToken);
    }
}
