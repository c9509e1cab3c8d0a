using System.Buffers;
using System.Text.Json;

namespace OpAgent.Acp.Wire;

/// <summary>
/// Sends messages one after the other. Senders wait while too much is unsent, in the order in which they came; one pump writes to the
/// stream, so that a peer that does not read holds up senders and nobody else.
/// </summary>
internal sealed class MessageWriter
{
    private const int KeptBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly int _maxUnsentBytes;
    private ArrayBufferWriter<byte> _scratch = new(1024);
    private ArrayBufferWriter<byte> _waiting = new(1024);
    private ArrayBufferWriter<byte> _writing = new(1024);
    private TaskCompletionSource _more = NewSignal(), _room = NewSignal();
    private Task _pump = Task.CompletedTask;
    private Exception? _failure;
    private long _accepted;
    private bool _isHeld;
    private bool _isClosed;

    /// <param name="maxUnsentBytes">How much may wait before senders wait too.</param>
    /// <param name="unsent">What another writer left, which goes out first.</param>
    public MessageWriter(int maxUnsentBytes, byte[]? unsent = null)
    {
        _maxUnsentBytes = maxUnsentBytes;
        if (unsent is null) return;
        _waiting.Write(unsent);
        _accepted = unsent.Length;
    }

    /// <summary>Begins to write to the stream; what was sent before is kept until then.</summary>
    public void Start(Stream stream) => _pump = Task.Run(() => PumpAsync(stream));

    /// <summary>Sends one message. It goes out as a whole, or not at all when this throws.</summary>
    /// <exception cref="AcpConnectionClosedException">The peer does not take messages any more.</exception>
    public async ValueTask SendAsync<T>(T message, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await HasRoom().WaitAsync(cancellationToken);
            Write(message, write);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lets nobody wait for room: what is sent is soon in memory, whether the stream takes it or not.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _isHeld = true;
            _room.TrySetResult();
        }
    }

    /// <summary>Ends a hold.</summary>
    public void Release()
    {
        lock (_gate) _isHeld = false;
    }

    /// <summary>What the stream has not taken.</summary>
    /// <param name="written">How many bytes it has taken so far; it must take no more meanwhile.</param>
    public byte[] Unsent(long written)
    {
        lock (_gate)
        {
            byte[] kept = [.. _writing.WrittenSpan, .. _waiting.WrittenSpan];
            return _failure is null ? kept[^(int)(_accepted - written)..] : [];
        }
    }

    /// <summary>Takes nothing more and waits until everything was written; gives up when the token fires.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            Close();
            _turn.Release();
            await _pump.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Close();
        }
    }

    private async Task PumpAsync(Stream stream)
    {
        try
        {
            while (await TakeAsync())
            {
                await stream.WriteAsync(_writing.WrittenMemory);
                await stream.FlushAsync();
            }
        }
        catch (Exception e)
        {
            // Whatever the stream throws means that the peer is out of reach: the next sender learns it.
            lock (_gate) _failure = e;
            Close();
        }
    }

    /// <summary>Waits for something to write and takes all of it; false at the end.</summary>
    private async ValueTask<bool> TakeAsync()
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                _writing = Emptied(_writing);
                _room.TrySetResult();
                if (_waiting.WrittenCount > 0)
                {
                    (_writing, _waiting) = (_waiting, _writing);
                    return true;
                }
                if (_isClosed) return false;
                if (_more.Task.IsCompleted) _more = NewSignal();
                more = _more.Task;
            }
            await more;
        }
    }

    private Task HasRoom()
    {
        lock (_gate)
        {
            if (_isHeld || _isClosed || _writing.WrittenCount + _waiting.WrittenCount < _maxUnsentBytes) return Task.CompletedTask;
            if (_room.Task.IsCompleted) _room = NewSignal();
            return _room.Task;
        }
    }

    private void Write<T>(T message, Action<Utf8JsonWriter, T> write)
    {
        _scratch = Emptied(_scratch);
        using (var json = new Utf8JsonWriter(_scratch, AcpJson.WriterOptions)) write(json, message);
        _scratch.Write("\n"u8);
        lock (_gate)
        {
            if (_isClosed) throw new AcpConnectionClosedException(_failure);
            _waiting.Write(_scratch.WrittenSpan);
            _accepted += _scratch.WrittenCount;
            _more.TrySetResult();
        }
    }

    private void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _more.TrySetResult();
            _room.TrySetResult();
        }
    }

    /// <summary>The same buffer for the next messages, or a small one where it had to hold a long one.</summary>
    private static ArrayBufferWriter<byte> Emptied(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptBytes) return new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        return buffer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
