using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Security;

namespace OpAgent.Server.Storage;

/// <summary>The API tokens in <c>opagent.db</c>.</summary>
internal sealed class TokenTable(IDbContextFactory<OpAgentDbContext> databases, TimeProvider time)
{
    /// <summary>The account's tokens; everybody's for null.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(string? accountId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.AsNoTracking().Where(token => accountId == null || token.AccountId == accountId).ToListAsync(cancellationToken);
    }

    public async Task AddAsync(ApiToken token, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        database.ApiTokens.Add(token);
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The token with this hash, or null where there is none that still holds.</summary>
    public async Task<ApiToken?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.AsNoTracking()
            .Where(token => token.AccountId == null || database.Accounts.Any(account => account.Id == token.AccountId))
            .SingleOrDefaultAsync(token => token.Hash == hash && (token.Expires == null || token.Expires > now), cancellationToken);
    }

    /// <summary>Those of the tokens that still hold.</summary>
    public async Task<HashSet<string>> AliveAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.Where(token => ids.Contains(token.Id) && (token.Expires == null || token.Expires > now))
            .Select(token => token.Id).ToHashSetAsync(cancellationToken);
    }

    /// <summary>Removes a token, of this account only where one is named. False where there is no such token.</summary>
    public async Task<bool> RemoveAsync(string id, string? accountId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.ApiTokens.Where(token => token.Id == id && (accountId == null || token.AccountId == accountId))
            .ExecuteDeleteAsync(cancellationToken) > 0;
    }
}
