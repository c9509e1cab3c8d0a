using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Security;

namespace OpAgent.Server.Storage;

/// <summary>The signed-in browsers in <c>opagent.db</c>.</summary>
internal sealed class SessionTable(IDbContextFactory<OpAgentDbContext> databases)
{
    /// <summary>The session whose cookie has this hash, with its account; null where there is none.</summary>
    public async Task<(Session Session, string Name, AccountRole Role)?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = await (from session in database.Sessions.AsNoTracking()
                           join account in database.Accounts on session.AccountId equals account.Id
                           where session.Hash == hash
                           select new { Session = session, account.UserName, account.Role }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Session, found.UserName!, found.Role);
    }

    /// <summary>The account's sessions; everybody's for null.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(string? accountId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Sessions.AsNoTracking().Where(session => accountId == null || session.AccountId == accountId).ToListAsync(cancellationToken);
    }

    public async Task AddAsync(Session session, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        database.Sessions.Add(session);
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whether the account still has the password that it had.</summary>
    public async Task<bool> HoldsAsync(Account account, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Accounts.AnyAsync(current => current.Id == account.Id && current.PasswordHash == account.PasswordHash, cancellationToken);
    }

    public async Task TouchAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Sessions.Where(session => ids.Contains(session.Id))
            .ExecuteUpdateAsync(update => update.SetProperty(session => session.LastSeen, now), cancellationToken);
    }

    /// <summary>Those of the sessions that there still are.</summary>
    public async Task<HashSet<string>> AliveAsync(IReadOnlyCollection<string> ids, DateTimeOffset createdAfter, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Sessions.Where(session => ids.Contains(session.Id) && session.Created > createdAfter)
            .Select(session => session.Id).ToHashSetAsync(cancellationToken);
    }

    /// <summary>False where there is no such session.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Sessions.Where(session => session.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>Forgets the sessions that nobody can use any more.</summary>
    public async Task RemoveOldAsync(DateTimeOffset createdBefore, DateTimeOffset seenBefore, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Sessions.Where(session => session.Created <= createdBefore || session.LastSeen <= seenBefore).ExecuteDeleteAsync(cancellationToken);
    }
}
