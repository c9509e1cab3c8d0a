using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace OpAgent.Server.Storage;

/// <summary>Brings <c>opagent.db</c> to the state that this program needs.</summary>
internal sealed class OpAgentDatabase(IDbContextFactory<OpAgentDbContext> databases)
{
    private const int BusyTimeoutSeconds = 10;

    public static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusyTimeoutSeconds, ForeignKeys = true }.ToString();

    /// <summary>Applies the migrations that are missing. To be called before anything else uses the database.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Database.MigrateAsync(cancellationToken);
        // Readers go on while somebody writes. The mode stays with the file.
        await database.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        if (await database.Realms.AnyAsync(cancellationToken)) return;
        database.Realms.Add(new() { Id = Guid.CreateVersion7().ToString() });
        await database.SaveChangesAsync(cancellationToken);
    }
}
