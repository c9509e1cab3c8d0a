using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Files;

/// <summary>
/// What the runtime does to files where a promise depends on it: journals, conversations, records, packages. Reading goes past it.
/// Another one takes its place where the disk is to fail.
/// </summary>
internal class Disk
{
    public static Disk Real { get; } = new();

    /// <summary>Opens a file to be written, or creates it where the flags say so.</summary>
    /// <exception cref="PosixException">The file system refuses.</exception>
    public virtual SafeFileHandle Open(string path, int flags, int mode)
    {
        var fd = LibC.open(path, flags | LibC.O_CLOEXEC, mode);
        return fd < 0 ? throw PosixException.Last($"cannot open {path}") : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>As <see cref="Open"/>, in an open directory.</summary>
    /// <exception cref="PosixException">The file system refuses.</exception>
    public virtual SafeFileHandle OpenAt(SafeFileHandle directory, string name, int flags, int mode)
    {
        var fd = LibC.openat(directory, name, flags | LibC.O_CLOEXEC, mode);
        return fd < 0 ? throw PosixException.Last($"cannot open {name}") : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <exception cref="IOException">The disk does not take it, or the file may not grow any more; a part of it may have been written.</exception>
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (ArgumentOutOfRangeException error)
        {
            // That is how .NET tells of EFBIG, which is the disk's fault and not the caller's.
            throw new IOException("The file has reached the largest size that it may have.", error);
        }
    }

    /// <exception cref="IOException">The file has the length it had.</exception>
    public virtual void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    /// <summary>Returns when a file, or the names in a directory, are on the disk.</summary>
    /// <exception cref="PosixException">What was written may be lost, also where a later sync succeeds.</exception>
    public virtual void Sync(SafeFileHandle file)
    {
        if (LibC.fsync(file) != 0) throw PosixException.Last("fsync");
    }

    /// <summary>As <see cref="Sync"/>, without what is not needed to read the content again.</summary>
    /// <exception cref="PosixException">As of <see cref="Sync"/>.</exception>
    public virtual void SyncData(SafeFileHandle file)
    {
        if (LibC.fdatasync(file) != 0) throw PosixException.Last("fdatasync");
    }

    /// <summary>Gives a file another name, in place of what has that name.</summary>
    /// <exception cref="PosixException">Both names mean what they meant.</exception>
    public virtual void Rename(string from, string to)
    {
        if (LibC.rename(from, to) != 0) throw PosixException.Last($"cannot rename {from} to {to}");
    }

    /// <summary>As <see cref="Rename"/>, in an open directory and with flags of renameat2(2).</summary>
    /// <exception cref="PosixException">Both names mean what they meant.</exception>
    public virtual void RenameAt(SafeFileHandle directory, string from, string to, uint flags)
    {
        if (LibC.renameat2(directory, from, directory, to, flags) != 0) throw PosixException.Last($"cannot rename {from} to {to}");
    }

    /// <summary>Removes a file; one that is not there is no error.</summary>
    /// <exception cref="IOException">The file is still there.</exception>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes names that were added to or removed from a directory survive a power loss.</summary>
    /// <exception cref="PosixException">They may not.</exception>
    public void SyncDirectory(string path)
    {
        using var directory = Open(path, LibC.O_RDONLY | LibC.O_DIRECTORY, 0);
        Sync(directory);
    }
}
