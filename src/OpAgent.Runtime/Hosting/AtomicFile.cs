using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>Replaces a file of the runtime's own in one step: temporary file, rename. A reader sees the old content or the new one; a file has one writer at a time.</summary>
internal static class AtomicFile
{
    /// <summary>Returns when the new content is on the disk.</summary>
    public static void Write(Disk disk, string path, ReadOnlySpan<byte> content)
    {
        Replace(disk, path, content, sync: true);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Survives the death of this process, not a power loss: for what can be found out again.</summary>
    public static void WriteUnsynced(Disk disk, string path, ReadOnlySpan<byte> content) => Replace(disk, path, content, sync: false);

    private static void Replace(Disk disk, string path, ReadOnlySpan<byte> content, bool sync)
    {
        // What a crash leaves is written over by the next one.
        var temporary = $"{path}.tmp";
        try
        {
            using (var file = disk.Open(temporary, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_TRUNC, 0x1B6))
            {
                disk.Write(file, content, 0);
                if (sync) disk.Sync(file);
            }

            disk.Rename(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
