using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>What must hold of a directory before a runtime keeps anything there. Looks only: makes, changes and removes nothing.</summary>
internal static class HomeInspection
{
    // PATH_MAX is 4096, and below the home stand whole trees of packages.
    private const int LongestPath = 3500;
    private const int TypeMask = 0xF000, DirectoryType = 0x4000, LinkType = 0xA000, PermissionMask = 0xFFF;
    private const int OwnerAll = 0x1C0, OthersWrite = 0x12, EverybodyWrites = 0x2, Sticky = 0x200;
    private const uint BasicStats = 0x7FF;

    private static readonly string[] NetworkFileSystems = ["nfs", "nfs4", "smb", "smb2", "smb3", "cifs", "afs", "ceph", "lustre", "gpfs", "ncp", "ncpfs"];

    // What a first start may have made before it was broken off, and what a person may have put there for it.
    private static readonly string[] Own = ["sessions", "packages", "homes", "tmp", "live", "runtime.lock", "runtime.log", "policy.yaml", "lost+found"];

    /// <param name="path">The home, absolute; it need not exist yet.</param>
    /// <param name="fileSystemOf">Names the file system that an existing directory lies on.</param>
    /// <exception cref="IOException">The home cannot be used; the message says why and what to do.</exception>
    public static void Check(string path, Func<string, string> fileSystemOf)
    {
        if (Encoding.UTF8.GetByteCount(path) is > LongestPath and var length)
            throw HomeRefusal.Because(path, $"its path has {length} bytes, and what lies below it would have more than the system allows", "Choose a shorter one");
        var home = Look(path, path, LibC.AT_SYMLINK_NOFOLLOW);
        if (home is { } found) CheckHome(path, found.Mode, (int)found.Uid);
        var parents = Above(path).ToList();
        var nearest = parents.Find(parent => Look(path, parent) is not null) ?? path;
        // Both ways lead to the home: the one that the path names, and the one that its symbolic links lead along.
        foreach (var parent in parents.Concat(Above(Path.Combine(RealPath(path, nearest), "home"))).Distinct()) CheckParent(path, parent);
        if (fileSystemOf(home is null ? nearest : path) is var kind && NetworkFileSystems.Contains(kind))
            throw HomeRefusal.Because(path, $"it lies on a network file system ({kind}), where other machines reach it and a lock may not keep a second runtime out", "Choose a directory on a disk of this machine");
    }

    private static void CheckHome(string path, int mode, int owner)
    {
        if ((mode & TypeMask) == LinkType)
            throw HomeRefusal.Because(path, $"it is a symbolic link to {new FileInfo(path).LinkTarget}, which may lead elsewhere the next time", "Name the directory itself");
        if ((mode & TypeMask) != DirectoryType)
            throw HomeRefusal.Because(path, "it is a file and not a directory", "Move the file away");
        if (owner != LibC.getuid())
            throw HomeRefusal.Because(path, $"it belongs to user {owner} and the runtime runs as user {LibC.getuid()}, so that neither could rely on what lies there", "Start the runtime as the owner");
        if ((mode & OthersWrite) != 0)
            throw HomeRefusal.Because(path, $"others than its owner may write there (mode {Octal(mode)}), so that what lies in it may be theirs", $"Look through it, then say 'chmod 700 {path}'");
        if ((mode & OwnerAll) != OwnerAll)
            throw HomeRefusal.Because(path, $"its owner may not write there (mode {Octal(mode)})", $"Say 'chmod 700 {path}'");
        if (!File.Exists(Path.Combine(path, "machine-id")) && Foreign(path) is { } other)
            throw HomeRefusal.Because(path, $"it holds other things, {other} for one, and a runtime closes its home to everybody else", "Choose an empty directory");
    }

    /// <summary>Something in there that no runtime made; null where there is nothing like that.</summary>
    private static string? Foreign(string path) => Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!)
        .FirstOrDefault(name => !Own.Contains(name) && !name.EndsWith(".tmp", StringComparison.Ordinal));

    private static void CheckParent(string path, string parent)
    {
        if (Look(path, parent) is not { } status) return;
        if ((status.Mode & TypeMask) != DirectoryType)
            throw HomeRefusal.Because(path, $"{parent} is a file and not a directory", "Move the file away");
        if ((status.Mode & EverybodyWrites) != 0 && (status.Mode & Sticky) == 0)
            throw HomeRefusal.Because(path, $"everybody may rename what lies in {parent} (mode {Octal(status.Mode)}, without the sticky bit) and put a home of theirs in its place", $"Say 'chmod o-w {parent}'");
    }

    /// <summary>Null where nothing is there.</summary>
    private static unsafe LibC.Statx? Look(string path, string place, int flags = 0)
    {
        using var working = new SafeFileHandle(LibC.AT_FDCWD, ownsHandle: false);
        LibC.Statx status;
        if (LibC.statx(working, place, flags, BasicStats, &status) == 0) return status;
        return Marshal.GetLastPInvokeError() switch
        {
            // A file on the way is found when its own turn comes.
            LibC.ENOENT or LibC.ENOTDIR => null,
            LibC.ENAMETOOLONG => throw HomeRefusal.Because(path, "a name in it is longer than the system allows", "Choose a shorter one"),
            LibC.EACCES => throw HomeRefusal.Because(path, "this user may not look into a directory above it", "Open that for this user"),
            _ => throw HomeRefusal.Because(path, PosixException.Last($"cannot look at {place}")),
        };
    }

    private static string RealPath(string path, string directory)
    {
        using var handle = new SafeFileHandle(LibC.open(directory, LibC.O_PATH | LibC.O_CLOEXEC, 0), ownsHandle: true);
        return handle.IsInvalid ? throw HomeRefusal.Because(path, PosixException.Last($"cannot open {directory}")) : new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget!;
    }

    /// <summary>The directories above, the nearest first.</summary>
    private static IEnumerable<string> Above(string path)
    {
        for (var parent = Path.GetDirectoryName(path); parent is not null; parent = Path.GetDirectoryName(parent)) yield return parent;
    }

    private static string Octal(int mode) => Convert.ToString(mode & PermissionMask, 8).PadLeft(4, '0');
}
