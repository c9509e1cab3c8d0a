using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Files;

/// <summary>Writes into an open file.</summary>
internal static class FileContent
{
    /// <exception cref="IOException">The disk does not take it, or the file may not grow any more.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
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
}
