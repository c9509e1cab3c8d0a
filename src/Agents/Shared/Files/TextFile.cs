using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpAgent.Agents.Text.Files;

/// <summary>Why a file gave no text.</summary>
public enum TextFileState
{
    Read,
    Binary,
    TooLarge,
    Unreadable,
}

/// <summary>The text of a file, or why there is none.</summary>
/// <param name="Text">The text without its byte order mark; line endings are as they stand in the file.</param>
/// <param name="Bytes">The file's bytes as they were read.</param>
/// <param name="IsUtf8">False for UTF-16 and for bytes that are no UTF-8 and were read as Latin-1: such a file must not be written back from its text.</param>
public sealed record TextFile(TextFileState State, string Text, byte[] Bytes, bool IsUtf8)
{
    private const int SniffedBytes = 8 * 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True where the file starts with the UTF-8 byte order mark.</summary>
    public bool HasByteOrderMark => Bytes is [0xEF, 0xBB, 0xBF, ..] && IsUtf8;

    /// <summary>
    /// Reads a file that the caller knows to be a regular one. A file with a NUL byte near its start is binary, unless it begins as UTF-16.
    /// </summary>
    /// <param name="path">The full path.</param>
    /// <param name="maxBytes">A larger file is not read.</param>
    public static TextFile Read(string path, long maxBytes)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var length = RandomAccess.GetLength(handle);
            if (length > maxBytes) return Without(TextFileState.TooLarge);
            var bytes = new byte[length];
            var sniffed = Fill(handle, bytes, 0, (int)Math.Min(SniffedBytes, length));
            var isUtf16 = bytes.AsSpan(0, sniffed) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
            if (!isUtf16 && bytes.AsSpan(0, sniffed).Contains((byte)0)) return Without(TextFileState.Binary);
            var total = Fill(handle, bytes, sniffed, bytes.Length);
            if (total < bytes.Length) Array.Resize(ref bytes, total);
            return Decode(bytes, isUtf16);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Without(TextFileState.Unreadable);
        }
    }

    private static TextFile Without(TextFileState state) => new(state, "", [], IsUtf8: false);

    private static int Fill(SafeFileHandle handle, byte[] bytes, int from, int to)
    {
        while (from < to)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(from, to - from), from);
            if (read == 0) break;
            from += read;
        }
        return from;
    }

    private static TextFile Decode(byte[] bytes, bool isUtf16)
    {
        if (isUtf16)
        {
            var encoding = bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode;
            return new TextFile(TextFileState.Read, encoding.GetString(bytes.AsSpan(2)), bytes, IsUtf8: false);
        }
        var content = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        try
        {
            return new TextFile(TextFileState.Read, StrictUtf8.GetString(content), bytes, IsUtf8: true);
        }
        catch (DecoderFallbackException)
        {
            return new TextFile(TextFileState.Read, Encoding.Latin1.GetString(content), bytes, IsUtf8: false);
        }
    }
}
