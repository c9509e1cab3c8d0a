using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OpAgent.Server.Security;

namespace OpAgent.Server.Storage;

/// <summary>The one-time codes in <c>opagent.db</c>.</summary>
internal sealed class CodeTable(IDbContextFactory<OpAgentDbContext> databases, TimeProvider time)
{
    /// <summary>Keeps the code in place of an earlier one for the same subject.</summary>
    public async Task PutAsync(OneTimeCode code, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Codes.Where(other => other.Subject == code.Subject).ExecuteDeleteAsync(cancellationToken);
        database.Codes.Add(code);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Uses the code up, or one of its attempts. Of several at the same time one succeeds.</summary>
    public async Task<bool> RedeemAsync(string subject, byte[] hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        // The attempt is paid for before it is looked at.
        var valid = await database.Codes.Where(code => code.Subject == subject && code.Expires > now && code.AttemptsLeft > 0)
            .ExecuteUpdateAsync(update => update.SetProperty(code => code.AttemptsLeft, code => code.AttemptsLeft - 1), cancellationToken);
        var expected = await database.Codes.Where(code => code.Subject == subject).Select(code => code.Hash).SingleOrDefaultAsync(cancellationToken);
        return valid > 0 && CryptographicOperations.FixedTimeEquals(expected, hash)
            && await database.Codes.Where(code => code.Subject == subject && code.Hash == hash).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    public async Task RemoveAsync(string subject, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Codes.Where(code => code.Subject == subject).ExecuteDeleteAsync(cancellationToken);
    }
}
