using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Search;

/// <summary><c>index.db</c>: a cache of what the conversation files say. Missing, of another version or damaged, it is made anew and filled again.</summary>
internal sealed class IndexDatabase(DataDirectory data, ILogger<IndexDatabase> logger) : IDisposable
{
    private const int SchemaVersion = 1;
    private const int CorruptFile = 11;   // SQLITE_CORRUPT
    private const int NoDatabase = 26;    // SQLITE_NOTADB

    private const string Schema = """
        CREATE TABLE conversations (
            machine TEXT NOT NULL, file TEXT NOT NULL, updated INTEGER NOT NULL, size INTEGER NOT NULL,
            id TEXT NOT NULL, workspace TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
            PRIMARY KEY (machine, file)) WITHOUT ROWID;
        CREATE TABLE texts (
            rowid INTEGER PRIMARY KEY, machine TEXT NOT NULL, file TEXT NOT NULL, turn TEXT, by TEXT, at INTEGER NOT NULL, text TEXT NOT NULL);
        CREATE INDEX texts_of_file ON texts (machine, file);
        CREATE VIRTUAL TABLE words USING fts5(text, content='texts', content_rowid='rowid', tokenize="unicode61 remove_diacritics 2");
        CREATE TRIGGER texts_added AFTER INSERT ON texts BEGIN
            INSERT INTO words (rowid, text) VALUES (new.rowid, new.text);
        END;
        CREATE TRIGGER texts_removed AFTER DELETE ON texts BEGIN
            INSERT INTO words (words, rowid, text) VALUES ('delete', old.rowid, old.text);
        END;
        """;

    private readonly Lock _gate = new();
    private SqliteConnection? _connection;

    /// <summary>Every file that is indexed, and the state in which it was.</summary>
    public Dictionary<FileKey, FileStamp> ReadStamps() => Use(connection =>
    {
        using var command = Command(connection, "SELECT machine, file, updated, size FROM conversations");
        using var reader = command.ExecuteReader();
        var stamps = new Dictionary<FileKey, FileStamp>();
        while (reader.Read()) stamps.Add(new(reader.GetString(0), reader.GetString(1)), new(reader.GetInt64(2), reader.GetInt64(3)));
        return stamps;
    });

    public FileStamp? ReadStamp(FileKey key) => Use<FileStamp?>(connection =>
    {
        using var command = Command(connection, "SELECT updated, size FROM conversations WHERE machine = $machine AND file = $file", ("$machine", key.Machine), ("$file", key.File));
        using var reader = command.ExecuteReader();
        return reader.Read() ? new(reader.GetInt64(0), reader.GetInt64(1)) : null;
    });

    /// <summary>Replaces what the index has of these files, and drops others, in one step.</summary>
    public void Write(IReadOnlyList<IndexedConversation> changed, IReadOnlyList<FileKey> gone) => Use(connection =>
    {
        using var transaction = connection.BeginTransaction();
        foreach (var key in gone.Concat(changed.Select(conversation => conversation.Key)))
        {
            Execute(connection, "DELETE FROM texts WHERE machine = $machine AND file = $file", ("$machine", key.Machine), ("$file", key.File));
            Execute(connection, "DELETE FROM conversations WHERE machine = $machine AND file = $file", ("$machine", key.Machine), ("$file", key.File));
        }

        foreach (var conversation in changed) Insert(connection, conversation);
        transaction.Commit();
        return true;
    });

    /// <param name="expression">An FTS5 expression.</param>
    /// <param name="most">How many of the best.</param>
    public IReadOnlyList<SearchHit> Search(string expression, int most) => Use(connection =>
    {
        using var command = Command(connection, """
            SELECT c.machine, c.id, c.workspace, c.path, c.title, t.turn, t.by, t.at, snippet(words, 0, '', '', '…', 32)
            FROM words JOIN texts t ON t.rowid = words.rowid JOIN conversations c ON c.machine = t.machine AND c.file = t.file
            WHERE words MATCH $expression ORDER BY words.rank, t.at DESC LIMIT $most
            """, ("$expression", expression), ("$most", most));
        using var reader = command.ExecuteReader();
        var hits = new List<SearchHit>();
        while (reader.Read())
        {
            hits.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6), reader.GetInt64(7), reader.GetString(8)));
        }

        return hits;
    });

    public void Dispose() => _connection?.Dispose();

    private static void Insert(SqliteConnection connection, IndexedConversation conversation)
    {
        var (machine, file) = (conversation.Key.Machine, conversation.Key.File);
        Execute(connection, "INSERT INTO conversations VALUES ($machine, $file, $updated, $size, $id, $workspace, $path, $title)",
            ("$machine", machine), ("$file", file), ("$updated", conversation.Stamp.Updated), ("$size", conversation.Stamp.Size), ("$id", conversation.Id),
            ("$workspace", conversation.Workspace), ("$path", conversation.Path), ("$title", conversation.Title));
        foreach (var text in conversation.Texts)
        {
            Execute(connection, "INSERT INTO texts (machine, file, turn, by, at, text) VALUES ($machine, $file, $turn, $by, $at, $text)",
                ("$machine", machine), ("$file", file), ("$turn", text.Turn), ("$by", text.By), ("$at", text.At), ("$text", text.Text));
        }
    }

    private T Use<T>(Func<SqliteConnection, T> action)
    {
        lock (_gate)
        {
            try
            {
                return action(_connection ??= Open());
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is CorruptFile or NoDatabase)
            {
                logger.IndexDamaged(data.Index, exception.Message);
                Discard();
                return action(_connection = Open());
            }
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = data.Index, Pooling = false }.ToString());
        connection.Open();
        using var version = Command(connection, "PRAGMA user_version");
        if ((long)version.ExecuteScalar()! == SchemaVersion) return Prepare(connection);

        connection.Dispose();
        Discard();
        connection.Open();
        Execute(connection, Schema);
        Execute(connection, $"PRAGMA user_version = {SchemaVersion}");
        return Prepare(connection);
    }

    // What a crash loses is read again from the files.
    private static SqliteConnection Prepare(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
        return connection;
    }

    private void Discard()
    {
        _connection?.Dispose();
        _connection = null;
        foreach (var suffix in (string[])["", "-wal", "-shm"]) File.Delete(data.Index + suffix);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }
}
