namespace OpAgent.Server.Storage;

/// <summary>A file that a process keeps locked (<c>flock(2)</c>) for as long as it lives.</summary>
public static class FileLock
{
    private const int WouldBlock = 11; // EWOULDBLOCK

    /// <summary>Takes the lock, or returns null while another process has it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Whether a process has the lock now. False where the file does not exist.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(path)) return false;
        using var taken = TryTake(path);
        return taken is null;
    }
}
