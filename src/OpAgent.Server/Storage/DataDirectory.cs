using OpAgent.Core.Problems;

namespace OpAgent.Server.Storage;

/// <summary>Where the host keeps what is its own, and the names of what lies in there. Readable by its owner alone.</summary>
public sealed record DataDirectory(string Path)
{
    /// <summary>The environment variable that sets the directory.</summary>
    public const string Variable = "OPAGENT_DATA";

    public string HostSocket => In("host.sock");
    public string HostLock => In("host.lock");
    public string HostFile => In("host.json");
    public string HostLog => In("logs", "host.log");
    public string Database => In("opagent.db");
    public string Index => In("index.db");
    public string Keys => In("keys");
    public string Programs => In("programs");
    public string RuntimeHome => In("runtime");
    public string LastPort => In("last-port");
    public string RuntimeLock => In("runtime", "runtime.lock");
    public string RuntimeSocket => In("runtime", "runtime.sock");

    /// <summary>The directory that the environment names, by default the user's own data directory.</summary>
    public static DataDirectory FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return new(System.IO.Path.GetFullPath(named));
        var shared = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg && System.IO.Path.IsPathRooted(xdg)
            ? xdg
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return new(System.IO.Path.Combine(shared, "opagent"));
    }

    /// <summary>Makes the directory, and closes it to others where it was open.</summary>
    /// <exception cref="ProblemException">It cannot be made or is not this user's.</exception>
    public void Create()
    {
        CreateClosed(Path);
        CreateClosed(In("logs"));
    }

    /// <summary>Makes the directory of the keys that seal cookies and forms.</summary>
    /// <exception cref="ProblemException">It cannot be made or is not this user's.</exception>
    internal void CreateKeys() => CreateClosed(Keys);

    private void CreateClosed(string directory)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
            if (File.GetUnixFileMode(directory) != OwnerOnly) File.SetUnixFileMode(directory, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(exception);
        }
    }

    internal ProblemException NotUsable(Exception exception)
    {
        var reason = FileOnTheWay() is { } file ? $"{file} is a file" : exception.Message.TrimEnd('.');
        return StorageProblems.DataNotUsable.With($"Nothing can be kept in {Path}: {reason}. Set {Variable} to a directory in which this user may write.");
    }

    private string? FileOnTheWay()
    {
        for (var path = Path; path is not null; path = System.IO.Path.GetDirectoryName(path))
        {
            if (File.Exists(path)) return path;
        }

        return null;
    }

    private string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
