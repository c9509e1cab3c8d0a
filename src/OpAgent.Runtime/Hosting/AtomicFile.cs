using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>Replaces a file of the runtime's own in one step: temporary file, rename. A reader sees the old content or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Returns when the new content is on the disk.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Replace(path, content, sync: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Survives the death of this process, not a power loss: for what can be found out again.</summary>
    public static void WriteUnsynced(string path, ReadOnlySpan<byte> content) => Replace(path, content, sync: false);

    /// <summary>Makes names that were added to or removed from a directory survive a power loss.</summary>
    public static void SyncDirectory(string path)
    {
        var fd = LibC.open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        if (fd < 0) throw PosixException.Last($"cannot open {path}");
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (LibC.fsync(handle) != 0) throw PosixException.Last($"cannot sync {path}");
    }

    private static void Replace(string path, ReadOnlySpan<byte> content, bool sync)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, preallocationSize: content.Length))
            {
                FileContent.Write(handle, content, 0);
                if (sync) RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
