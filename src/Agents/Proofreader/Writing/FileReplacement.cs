namespace OpAgent.Agents.Proofreader.Writing;

/// <summary>How replacing a file ended.</summary>
internal enum ReplaceState
{
    Written,

    /// <summary>The file is no longer what was read; it was left as it is.</summary>
    Changed,

    /// <summary>The operating system refused; the file was left as it is.</summary>
    Refused,
}

/// <summary>How replacing a file ended, and what the operating system said if it refused.</summary>
internal sealed record ReplaceResult(ReplaceState State, string? Error = null);

/// <summary>Replaces a file's bytes so that a reader sees the old ones or the new ones, also after a crash.</summary>
internal static class FileReplacement
{
    /// <param name="path">The full path of a regular file, no symbolic link.</param>
    /// <param name="expected">What the file holds; where it holds anything else by now, it is not written.</param>
    public static ReplaceResult Replace(string path, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(expected)) return new ReplaceResult(ReplaceState.Changed);
            // Renaming over a file asks nobody for the right to write it; this does.
            File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            WriteDurably(temporary, replacement, File.GetUnixFileMode(path));
            File.Move(temporary, path, overwrite: true);
            return new ReplaceResult(ReplaceState.Written);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            return new ReplaceResult(ReplaceState.Refused, exception.Message);
        }
    }

    private static void WriteDurably(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        // Set and not only asked for at creation, where the umask takes some of it away.
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
