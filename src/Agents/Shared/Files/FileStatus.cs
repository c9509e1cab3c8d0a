using System.Runtime.InteropServices;

namespace OpAgent.Agents.Text.Files;

/// <summary>What a directory entry is, as far as an agent that reads text cares.</summary>
public enum EntryKind
{
    Missing,
    File,
    Directory,
    SymbolicLink,

    /// <summary>A FIFO, socket or device: opening one may block for ever.</summary>
    Special,
}

/// <summary>Asks the kernel what a path is without opening or following it: .NET does not tell a FIFO from a file, and opening one blocks.</summary>
public readonly partial record struct FileStatus(EntryKind Kind, long Size)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeAndSize = 0x1 | 0x2 | 0x200;

    /// <summary>Looks at the entry itself; a symbolic link is reported as one. An entry that cannot be looked at is <see cref="EntryKind.Missing"/>.</summary>
    public static FileStatus Of(string path)
    {
        if (Statx(CurrentDirectory, path, NoFollow, TypeModeAndSize, out var status) != 0) return new FileStatus(EntryKind.Missing, 0);
        var kind = (status.Mode & 0xF000) switch
        {
            0x8000 => EntryKind.File,
            0x4000 => EntryKind.Directory,
            0xA000 => EntryKind.SymbolicLink,
            _ => EntryKind.Special,
        };
        return new FileStatus(kind, status.Size);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out StatxBuffer buffer);

    // statx is used because, unlike stat, its layout is the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(40)] public long Size;
    }
}
