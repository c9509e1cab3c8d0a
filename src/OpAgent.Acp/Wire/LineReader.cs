using System.Buffers;
using System.IO.Pipelines;

namespace OpAgent.Acp.Wire;

/// <summary>
/// Cuts a stream into lines. A line longer than the limit is dropped while it arrives, so that memory stays bounded;
/// only its beginning is told.
/// </summary>
internal sealed class LineReader(Stream stream, int maxLineBytes)
{
    private const int BufferBytes = 64 * 1024;
    private const int BeginningBytes = 1024;
    private const int KeptScratchBytes = 1024 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
    private ReadOnlySequence<byte> _unread;
    private byte[] _scratch = [];
    private long _scanned;
    private long _droppedBytes;
    private bool _ended;
    private bool _dropping;
    private bool _isReading;

    /// <summary>How long all lines together were that were too long.</summary>
    public long DroppedBytes => Interlocked.Read(ref _droppedBytes);

    /// <summary>What was read and is not a whole line yet; to be looked at between <see cref="FillAsync"/> and the next call of it only.</summary>
    public ReadOnlySequence<byte> Unread => _unread;

    /// <summary>Whether what comes next belongs to a line that is too long and is dropped.</summary>
    public bool IsDropping
    {
        get => _dropping;
        init => _dropping = value;
    }

    /// <summary>Lets a <see cref="FillAsync"/> that waits, or the next one, end without more bytes. None is lost.</summary>
    public void Interrupt() => _pipe.CancelPendingRead();

    /// <summary>Waits for more bytes; false at the end of the stream. To be called when <see cref="TryRead"/> has nothing more.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended) return false;
        _pipe.AdvanceTo(_unread.Start, _unread.End);
        var reading = _pipe.ReadAsync(CancellationToken.None);
        ReadResult result;
        if (reading.IsCompletedSuccessfully)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = reading.Result;
        }
        else
        {
            // A read of a pipe cannot be cancelled on every system: it is left behind instead, along with its buffer.
            _isReading = true;
            result = await reading.AsTask().WaitAsync(cancellationToken);
            _isReading = false;
        }
        _unread = result.Buffer;
        _ended = result.IsCompleted;
        return true;
    }

    /// <summary>The next line without its line end, valid until the next call. The last line needs no line end.</summary>
    /// <param name="line">The line, or its beginning when it is too long.</param>
    /// <param name="isTooLong">Whether the line is longer than the limit.</param>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        while (true)
        {
            var end = _unread.Slice(_scanned).PositionOf((byte)'\n');
            if (end is null) return TryReadUnended(out line, out isTooLong);
            var bytes = _unread.Slice(0, end.Value);
            _unread = _unread.Slice(_unread.GetPosition(1, end.Value));
            _scanned = 0;
            if (_dropping)
            {
                _dropping = false;
                Drop(bytes.Length);
                continue;
            }
            isTooLong = bytes.Length > maxLineBytes;
            if (isTooLong) Drop(bytes.Length);
            line = Contiguous(isTooLong ? bytes.Slice(0, Math.Min(BeginningBytes, bytes.Length)) : bytes);
            return true;
        }
    }

    /// <summary>Gives the buffers back. The stream stays open.</summary>
    public void Complete()
    {
        if (!_isReading) _pipe.Complete();
    }

    private bool TryReadUnended(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        var bytes = _unread;
        isTooLong = bytes.Length > maxLineBytes;
        line = default;
        if (!isTooLong && !_dropping && !_ended)
        {
            _scanned = bytes.Length;
            return false;
        }
        _unread = _unread.Slice(_unread.End);
        _scanned = 0;
        if (_dropping || isTooLong) Drop(bytes.Length);
        if (_dropping || bytes.IsEmpty) return false;
        _dropping = isTooLong;
        line = Contiguous(isTooLong ? bytes.Slice(0, Math.Min(BeginningBytes, bytes.Length)) : bytes);
        return true;
    }

    private void Drop(long bytes) => Interlocked.Add(ref _droppedBytes, bytes);

    private ReadOnlySpan<byte> Contiguous(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment) return bytes.FirstSpan;
        var length = (int)bytes.Length;
        var target = _scratch;
        if (length > target.Length)
        {
            target = GC.AllocateUninitializedArray<byte>(length);
            if (length <= KeptScratchBytes) _scratch = target;
        }
        bytes.CopyTo(target);
        return target.AsSpan(0, length);
    }
}
