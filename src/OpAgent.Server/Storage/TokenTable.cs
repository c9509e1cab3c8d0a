using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Security;

namespace OpAgent.Server.Storage;

/// <summary>The API tokens in <c>opagent.db</c>.</summary>
internal sealed class TokenTable(IDbContextFactory<OpAgentDbContext> databases)
{
    public async Task<IReadOnlyList<ApiToken>> ListAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.AsNoTracking().ToListAsync(cancellationToken);
    }

    public async Task AddAsync(ApiToken token, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        database.ApiTokens.Add(token);
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The person whom the token with this hash acts for, or null where there is none.</summary>
    public async Task<string?> FindPersonAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.Where(token => token.Hash == hash).Select(token => token.Person).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>False where there is no such token.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.Where(token => token.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }
}
