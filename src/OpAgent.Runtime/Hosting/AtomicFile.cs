using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>Replaces a file of the runtime's own in one step: temporary file, flush to disk, rename.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, preallocationSize: content.Length))
            {
                RandomAccess.Write(handle, content, 0);
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
            SyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes names that were added to or removed from a directory survive a power loss.</summary>
    public static void SyncDirectory(string path)
    {
        var fd = LibC.open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        if (fd < 0) throw PosixException.Last($"cannot open {path}");
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (LibC.fsync(handle) != 0) throw PosixException.Last($"cannot sync {path}");
    }
}
