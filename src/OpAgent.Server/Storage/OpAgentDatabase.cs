using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Storage;

/// <summary>Brings <c>opagent.db</c> to the state that this program needs.</summary>
internal sealed class OpAgentDatabase(DataDirectory data, IDbContextFactory<OpAgentDbContext> databases)
{
    private const int BusyTimeoutSeconds = 10;
    private const int PlainError = 1;     // SQLITE_ERROR: tables that are not as the migrations left them
    private const int CorruptFile = 11;   // SQLITE_CORRUPT
    private const int NoDatabase = 26;    // SQLITE_NOTADB

    /// <summary>The identity of this database: what a runtime knows the hosts by that share it.</summary>
    public string Realm { get; private set; } = "";

    public static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusyTimeoutSeconds, ForeignKeys = true }.ToString();

    /// <summary>Applies the migrations that are missing. To be called before anything else uses the database.</summary>
    /// <exception cref="ProblemException">The file is damaged, or cannot be read or written.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            Realm = ReadRealm() ?? await CreateAsync(cancellationToken);
        }
        catch (Exception exception) when ((exception as SqliteException ?? exception.InnerException) is SqliteException cause)
        {
            throw StorageProblems.DatabaseNotUsable.With(cause.SqliteErrorCode switch
            {
                CorruptFile or NoDatabase =>
                    $"{data.Database} is damaged ({cause.Message.TrimEnd('.')}). Accounts, tokens and the list of opened workspaces are in it: restore it from a backup, or move it away to begin with an empty one. Conversations are files of their own and are not affected.",
                PlainError =>
                    $"{data.Database} does not fit this version of OpAgent ({cause.Message.TrimEnd('.')}): it was changed by a newer one, or by hand. Start the version that it belongs to, or restore a backup. Conversations are files of their own and are not affected.",
                _ => $"{data.Database} cannot be opened ({cause.Message.TrimEnd('.')}). See that this user may write to it and to {data.Path}, that the disk has room, and that no other program holds it.",
            });
        }
    }

    /// <summary>The realm of a database that lacks no migration. To ask EF takes longer than everything else that happens before the host listens.</summary>
    private string? ReadRealm()
    {
        if (!File.Exists(data.Database)) return null;
        var newest = typeof(OpAgentDatabase).Assembly.GetTypes().Max(type => type.GetCustomAttribute<MigrationAttribute>()?.Id);
        using var connection = new SqliteConnection(ConnectionString(data.Database));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id FROM realm WHERE (SELECT max(MigrationId) FROM __EFMigrationsHistory) = $newest";
        command.Parameters.AddWithValue("$newest", newest);
        try
        {
            return command.ExecuteScalar() as string;
        }
        catch (SqliteException)
        {
            // Not the tables that are expected: the migration says what is wrong, if anything is.
            return null;
        }
    }

    private async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Database.MigrateAsync(cancellationToken);
        // Readers go on while somebody writes. The mode stays with the file.
        await database.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        if (await database.Realms.SingleOrDefaultAsync(cancellationToken) is { } realm) return realm.Id;
        var created = database.Realms.Add(new() { Id = Guid.CreateVersion7().ToString() }).Entity;
        await database.SaveChangesAsync(cancellationToken);
        return created.Id;
    }
}
