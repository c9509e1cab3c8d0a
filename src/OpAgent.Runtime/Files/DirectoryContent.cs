using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Files;

/// <summary>
/// Empties a directory, however deep: it goes down and up with one open descriptor and keeps only the names on the way.
/// Symbolic links in it are removed, never followed.
/// </summary>
internal static class DirectoryContent
{
    /// <exception cref="ProblemException">Something in it cannot be removed; what was removed before is gone.</exception>
    public static void Delete(SafeFileHandle parent, string name)
    {
        var current = Open(parent, name);
        try
        {
            var levels = new Stack<Level>();
            levels.Push(Enter(current, name));
            while (true)
            {
                if (levels.Peek().Directories.TryDequeue(out var next))
                {
                    Replace(ref current, Open(current, next));
                    levels.Push(Enter(current, next));
                    continue;
                }

                var done = levels.Pop();
                if (levels.Count == 0) return;
                Replace(ref current, Open(current, ".."));
                // Who moves a directory while it is being emptied must not lead us into another one.
                if (!FileStatus.Of(current).IsSameFile(levels.Peek().Status)) throw KnownProblems.FileChanged.With($"'{done.Name}' was moved while it was being deleted. Look at what is left and delete it again.");
                Unlink(current, done.Name, LibC.AT_REMOVEDIR);
            }
        }
        finally
        {
            current.Dispose();
        }
    }

    /// <summary>Removes everything but directories.</summary>
    private static Level Enter(SafeFileHandle directory, string name)
    {
        var directories = new Queue<string>();
        foreach (var path in Directory.GetFileSystemEntries($"/proc/self/fd/{directory.DangerousGetHandle()}/"))
        {
            var entry = Path.GetFileName(path);
            if (FileStatus.Of(directory, entry) is not { } status) continue;
            if (status.IsDirectory) directories.Enqueue(entry);
            else Unlink(directory, entry, 0);
        }

        return new Level(name, FileStatus.Of(directory), directories);
    }

    private static SafeFileHandle Open(SafeFileHandle parent, string name)
    {
        var fd = LibC.openat(parent, name, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC, 0);
        return fd < 0 ? throw WorkspaceRoot.Explain(Marshal.GetLastPInvokeError(), name) : new SafeFileHandle(fd, ownsHandle: true);
    }

    private static void Replace(ref SafeFileHandle current, SafeFileHandle next)
    {
        current.Dispose();
        current = next;
    }

    private static void Unlink(SafeFileHandle directory, string name, int flags)
    {
        if (LibC.unlinkat(directory, name, flags) != 0) throw WorkspaceRoot.Explain(Marshal.GetLastPInvokeError(), name);
    }

    /// <summary>A directory on the way down.</summary>
    /// <param name="Directories">Those in it that are still to be removed.</param>
    private sealed record Level(string Name, FileStatus Status, Queue<string> Directories);
}
