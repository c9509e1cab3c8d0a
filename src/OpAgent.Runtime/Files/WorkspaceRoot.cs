using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Files;

/// <summary>
/// A workspace's directory, held open. Every path below it is resolved by the kernel (openat2(2), RESOLVE_BENEATH), so that no symlink,
/// <c>..</c> or race leads out of it.
/// </summary>
internal sealed unsafe class WorkspaceRoot : IDisposable
{
    private const nint OpenAt2 = 437;
    private const ulong ResolveNoMagicLinks = 0x02, ResolveBeneath = 0x08;

    private readonly SafeFileHandle _directory;

    private WorkspaceRoot(string path, Disk disk, SafeFileHandle directory)
    {
        Path = path;
        Disk = disk;
        _directory = directory;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>What files below it are written through.</summary>
    public Disk Disk { get; }

    /// <summary>Where the directory really is, without symbolic links.</summary>
    public string RealPath => RealPathOf(_directory);

    /// <exception cref="ProblemException">The directory is not there or may not be entered.</exception>
    public static WorkspaceRoot Open(string path, Disk? disk = null)
    {
        var fd = LibC.open(path, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        if (fd >= 0) return new WorkspaceRoot(path, disk ?? Disk.Real, new SafeFileHandle(fd, ownsHandle: true));
        throw Marshal.GetLastPInvokeError() switch
        {
            LibC.ENOTDIR => KnownProblems.NotADirectory.With($"'{path}' is not a directory. Open the directory that contains it instead."),
            LibC.EACCES or LibC.EPERM => KnownProblems.AccessDenied.With($"'{path}' may not be entered by the user who runs OpAgent."),
            _ => KnownProblems.DirectoryNotFound.With($"The directory '{path}' does not exist. Check the spelling, or create it first."),
        };
    }

    /// <summary>Opens something below the root. Follows symlinks that stay below it.</summary>
    /// <exception cref="ProblemException">The path is not valid, leads out, or cannot be opened.</exception>
    public SafeFileHandle OpenBelow(string path, int flags, int mode = 0) =>
        TryOpenBelow(path, flags, mode, out var error) ?? throw Explain(error, path);

    /// <summary>As <see cref="OpenBelow"/>; null with the errno where the kernel refuses.</summary>
    /// <exception cref="ProblemException">The path is not valid.</exception>
    public SafeFileHandle? TryOpenBelow(string path, int flags, int mode, out int error)
    {
        var relative = Normalize(path);
        var how = stackalloc ulong[3] { (ulong)(uint)(flags | LibC.O_CLOEXEC), (ulong)mode, ResolveBeneath | ResolveNoMagicLinks };
        var name = Marshal.StringToCoTaskMemUTF8(relative.Length == 0 ? "." : relative);
        var reference = false;
        try
        {
            _directory.DangerousAddRef(ref reference);
            while (true)
            {
                var fd = SystemCall(_directory.DangerousGetHandle(), name, (nint)how);
                if (fd >= 0)
                {
                    error = 0;
                    return new SafeFileHandle(fd, ownsHandle: true);
                }

                error = Marshal.GetLastPInvokeError();
                // EAGAIN: something was renamed while the kernel looked.
                if (error is not (LibC.EAGAIN or LibC.EINTR)) return null;
            }
        }
        finally
        {
            if (reference) _directory.DangerousRelease();
            Marshal.FreeCoTaskMem(name);
        }
    }

    /// <summary>Opens the directory that holds (or will hold) the last part of a path.</summary>
    /// <returns>The directory and the last part's name.</returns>
    public (SafeFileHandle Directory, string Name) OpenParent(string path)
    {
        var relative = Normalize(path);
        if (relative.Length == 0) throw KnownProblems.PathInvalid.With("The workspace's own directory cannot be changed here; name something in it.");
        var slash = relative.LastIndexOf('/');
        return (OpenBelow(slash < 0 ? "" : relative[..slash], LibC.O_PATH | LibC.O_DIRECTORY), relative[(slash + 1)..]);
    }

    /// <summary>Creates a directory and those above it that are missing. True when it was not there.</summary>
    public bool CreateDirectories(string path)
    {
        var relative = Normalize(path);
        var created = false;
        for (var end = 0; relative.Length > 0 && end < relative.Length;)
        {
            var slash = relative.IndexOf('/', end == 0 ? 0 : end + 1);
            end = slash < 0 ? relative.Length : slash;
            var (parent, name) = OpenParent(relative[..end]);
            using (parent)
            {
                created = LibC.mkdirat(parent, name, 0x1FF) == 0;
                var error = created ? 0 : Marshal.GetLastPInvokeError();
                if (error is not (0 or LibC.EEXIST)) throw Explain(error, relative[..end]);
            }
        }

        OpenBelow(relative, LibC.O_PATH | LibC.O_DIRECTORY).Dispose();
        return created;
    }

    /// <summary>The path with '/' between its parts and none at its ends.</summary>
    /// <exception cref="ProblemException">The path is absolute, has a <c>..</c>, or a part that no file system takes.</exception>
    public static string Normalize(string path)
    {
        if (path.Contains('\0')) throw KnownProblems.PathInvalid.With("The path contains a NUL character, which no file name can.");
        if (path.StartsWith('/')) throw KnownProblems.PathOutside.With($"'{path}' is an absolute path. Name files relative to the workspace.");
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        if (parts.Contains("..")) throw KnownProblems.PathOutside.With($"'{path}' contains '..'. Name files relative to the workspace, from its root down.");
        return string.Join('/', parts);
    }

    /// <summary>Where an open file or directory really is.</summary>
    public static string RealPathOf(SafeFileHandle handle) => new System.IO.FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget ?? "";

    /// <summary>The problem for an errno of a call that concerned a path.</summary>
    public static ProblemException Explain(int error, string path) => error switch
    {
        LibC.ENOENT => KnownProblems.FileNotFound.With($"There is no '{path}' in the workspace."),
        LibC.EXDEV => KnownProblems.PathOutside.With($"'{path}' leads out of the workspace, by a symbolic link for example. Open the directory it leads to as a workspace of its own."),
        LibC.ELOOP => KnownProblems.PathOutside.With($"'{path}' goes through symbolic links that lead in a circle or into a system directory."),
        LibC.ENOTDIR => KnownProblems.NotADirectory.With($"A part of '{path}' is not a directory."),
        LibC.EISDIR => KnownProblems.FileNotRegular.With($"'{path}' is a directory."),
        LibC.EEXIST => KnownProblems.FileExists.With($"There already is a '{path}'."),
        LibC.ENOTEMPTY => KnownProblems.DirectoryNotEmpty.With($"'{path}' is not empty. Delete it with everything in it by asking for 'recursive'."),
        LibC.EACCES or LibC.EPERM => KnownProblems.AccessDenied.With($"The user who runs OpAgent may not do this to '{path}'."),
        LibC.EROFS => KnownProblems.AccessDenied.With($"'{path}' is on a file system that is read-only."),
        LibC.ENAMETOOLONG or LibC.EINVAL => KnownProblems.PathInvalid.With($"'{path}' is not a name that the file system takes."),
        LibC.ENXIO => KnownProblems.FileNotRegular.With($"'{path}' is a pipe, socket or device, not a file with content."),
        LibC.ENOSPC or LibC.EDQUOT or LibC.EFBIG => KnownProblems.StorageFailed.With($"'{path}' was not written: {Marshal.GetPInvokeErrorMessage(error)}. Free some space and try again."),
        _ => KnownProblems.StorageFailed.With($"'{path}': {Marshal.GetPInvokeErrorMessage(error)}."),
    };

    public void Dispose() => _directory.Dispose();

    private static int SystemCall(nint directory, nint name, nint how) => (int)LibC.syscall(OpenAt2, directory, name, how, 3 * sizeof(ulong));
}
