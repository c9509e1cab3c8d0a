using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Sessions;

/// <summary>Complete lines of a file, one after the other, through one buffer that grows with the longest of them.</summary>
/// <param name="file">Not owned.</param>
/// <param name="offset">Where to begin, in the file.</param>
internal sealed class JournalLines(SafeFileHandle file, long offset)
{
    private const int InitialBytes = 64 * 1024;

    private byte[] _buffer = [];
    private int _start, _end;
    private long _fileOffset = offset;

    /// <summary>Where the next line begins.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Goes on with another file descriptor or another place in the file.</summary>
    public void Seek(SafeFileHandle newFile, long newOffset)
    {
        file = newFile;
        _fileOffset = Offset = newOffset;
        _start = _end = 0;
    }

    /// <summary>The next line without its newline; it is valid until the next call. False where no complete line is left before <paramref name="limit"/>.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> line, long limit = long.MaxValue)
    {
        var searched = _start;
        while (true)
        {
            var found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = searched + found - _start;
                line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                Offset += length + 1;
                return true;
            }

            searched = _end;
            if (!Fill(ref searched, limit))
            {
                line = default;
                return false;
            }
        }
    }

    /// <summary>Lets go of a buffer that one very long line made large.</summary>
    public void Trim()
    {
        if (_start == _end && _buffer.Length > InitialBytes * 4) (_buffer, _start, _end) = ([], 0, 0);
    }

    private bool Fill(ref int searched, long limit)
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (searched, _end, _start) = (searched - _start, _end - _start, 0);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, Math.Max(InitialBytes, _buffer.Length * 2));
        var wanted = (int)Math.Min(_buffer.Length - _end, limit - _fileOffset);
        var count = wanted <= 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(_end, wanted), _fileOffset);
        _end += count;
        _fileOffset += count;
        return count > 0;
    }
}
