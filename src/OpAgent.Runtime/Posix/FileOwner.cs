using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Posix;

/// <summary>Whom a file belongs to (statx(2)).</summary>
internal static unsafe class FileOwner
{
    private const uint StatxUid = 0x8;
    private const int UidOffset = 20;

    /// <exception cref="PosixException">The file is not there.</exception>
    public static int Of(string path)
    {
        using var here = new SafeFileHandle(LibC.AT_FDCWD, ownsHandle: false);
        LibC.Statx status;
        if (LibC.statx(here, path, 0, StatxUid, &status) != 0) throw PosixException.Last($"cannot look at {path}");
        return BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>((byte*)&status + UidOffset, sizeof(int)));
    }
}
