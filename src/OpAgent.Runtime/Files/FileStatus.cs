using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;
using FileInfo = OpAgent.Protocol.FileInfo;

namespace OpAgent.Runtime.Files;

/// <summary>What statx(2) tells of a file.</summary>
internal readonly record struct FileStatus(ushort Mode, long Size, long ModifiedSeconds, uint ModifiedNanoseconds, ulong Inode, uint Links, ulong Device)
{
    private const int TypeMask = 0xF000, Directory = 0x4000, Regular = 0x8000, Symlink = 0xA000;
    private const uint BasicStats = 0x7FF;

    public bool IsRegular => (Mode & TypeMask) == Regular;

    public bool IsDirectory => (Mode & TypeMask) == Directory;

    public bool IsSymbolicLink => (Mode & TypeMask) == Symlink;

    public int Permissions => Mode & 0xFFF;

    public long ModifiedMilliseconds => ModifiedSeconds * 1000 + ModifiedNanoseconds / 1_000_000;

    /// <summary>True where both are of one and the same file, whatever was done to it in between.</summary>
    public bool IsSameFile(FileStatus other) => (Inode, Device) == (other.Inode, other.Device);

    /// <summary>Another value means another content.</summary>
    public string ETag => $"{Inode:x}-{Size:x}-{ModifiedSeconds:x}{ModifiedNanoseconds:x8}";

    public static unsafe FileStatus Of(SafeFileHandle file)
    {
        LibC.Statx result;
        return LibC.statx(file, "", LibC.AT_EMPTY_PATH, BasicStats, &result) == 0 ? From(result) : throw PosixException.Last("statx");
    }

    /// <summary>The entry of a directory itself, not what it points to; null where there is none.</summary>
    public static unsafe FileStatus? Of(SafeFileHandle directory, string name)
    {
        LibC.Statx result;
        if (LibC.statx(directory, name, LibC.AT_SYMLINK_NOFOLLOW, BasicStats, &result) == 0) return From(result);
        var error = Marshal.GetLastPInvokeError();
        return error == LibC.ENOENT ? null : throw WorkspaceRoot.Explain(error, name);
    }

    public FileInfo ToInfo(string path) => new()
    {
        Name = path[(path.LastIndexOf('/') + 1)..],
        Path = path,
        Kind = (Mode & TypeMask) switch { Regular => "file", Directory => "directory", Symlink => "symlink", _ => "other" },
        Size = Size,
        Modified = ModifiedMilliseconds,
        Etag = IsRegular ? ETag : "",
    };

    private static FileStatus From(in LibC.Statx result) =>
        new(result.Mode, (long)result.Size, result.ModifiedSeconds, result.ModifiedNanoseconds, result.Inode, result.Links, ((ulong)result.DeviceMajor << 32) | result.DeviceMinor);
}
