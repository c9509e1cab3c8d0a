using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OpAgent.Server.Storage;

/// <summary>Brings <c>opagent.db</c> to the state that this program needs.</summary>
internal sealed class OpAgentDatabase(DataDirectory data, IDbContextFactory<OpAgentDbContext> databases)
{
    private const int BusyTimeoutSeconds = 10;

    public static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusyTimeoutSeconds, ForeignKeys = true }.ToString();

    /// <summary>Applies the migrations that are missing. To be called before anything else uses the database.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (IsCurrent()) return;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Database.MigrateAsync(cancellationToken);
        // Readers go on while somebody writes. The mode stays with the file.
        await database.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        if (await database.Realms.AnyAsync(cancellationToken)) return;
        database.Realms.Add(new() { Id = Guid.CreateVersion7().ToString() });
        await database.SaveChangesAsync(cancellationToken);
    }

    // Asking EF takes longer than everything else that happens before the host listens.
    private bool IsCurrent()
    {
        if (!File.Exists(data.Database)) return false;
        var newest = typeof(OpAgentDatabase).Assembly.GetTypes().Max(type => type.GetCustomAttribute<MigrationAttribute>()?.Id);
        using var connection = new SqliteConnection(ConnectionString(data.Database));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT max(MigrationId) FROM __EFMigrationsHistory WHERE EXISTS (SELECT 1 FROM realm)";
        try
        {
            return command.ExecuteScalar() as string == newest;
        }
        catch (SqliteException)
        {
            // Not the tables that are expected: the migration says what is wrong, if anything is.
            return false;
        }
    }
}
