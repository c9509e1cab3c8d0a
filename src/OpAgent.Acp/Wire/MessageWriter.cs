using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace OpAgent.Acp.Wire;

/// <summary>
/// Sends messages one after the other. Senders wait while too much is unsent, in the order in which they came; one pump writes to the
/// stream, so that a peer that does not read holds up senders and nobody else.
/// </summary>
internal sealed class MessageWriter(int maxUnsentBytes)
{
    private const int KeptScratchBytes = 1024 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: maxUnsentBytes, resumeWriterThreshold: Math.Max(1, maxUnsentBytes / 2),
        minimumSegmentSize: 16 * 1024, useSynchronizationContext: false));

    private readonly SemaphoreSlim _turn = new(1);
    private ArrayBufferWriter<byte> _scratch = new(1024);
    private Task<bool> _room = Task.FromResult(true);
    private Task _pump = Task.CompletedTask;
    private Exception? _failure;
    private volatile bool _isClosed;

    /// <summary>Begins to write to the stream; what was sent before is kept until then.</summary>
    public void Start(Stream stream) => _pump = Task.Run(() => PumpAsync(stream));

    /// <summary>Sends one message. It goes out as a whole, or not at all when this throws.</summary>
    /// <exception cref="AcpConnectionClosedException">The peer does not take messages any more.</exception>
    public async ValueTask SendAsync<T>(T message, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!await _room.WaitAsync(cancellationToken) || _isClosed) throw new AcpConnectionClosedException(_failure);
            Write(message, write);
            _room = FlushAsync();
            if (_room.IsCompleted && !await _room) throw new AcpConnectionClosedException(_failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes nothing more and waits until everything was written; gives up when the token fires.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            _isClosed = true;
            _pipe.Writer.Complete();
            _turn.Release();
            await _pump.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _isClosed = true;
            _pipe.Writer.CancelPendingFlush();
        }
    }

    private async Task PumpAsync(Stream stream)
    {
        var reader = _pipe.Reader;
        try
        {
            ReadResult result;
            do
            {
                result = await reader.ReadAsync();
                foreach (var segment in result.Buffer) await stream.WriteAsync(segment);
                if (!result.Buffer.IsEmpty) await stream.FlushAsync();
                reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (Exception e)
        {
            // Whatever the stream throws means that the peer is out of reach: the next sender learns it.
            _failure = e;
        }
        await reader.CompleteAsync();
    }

    private void Write<T>(T message, Action<Utf8JsonWriter, T> write)
    {
        _scratch.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_scratch, AcpJson.WriterOptions)) write(json, message);
        _scratch.Write("\n"u8);
        _pipe.Writer.Write(_scratch.WrittenSpan);
        if (_scratch.Capacity > KeptScratchBytes) _scratch = new ArrayBufferWriter<byte>(1024);
    }

    /// <summary>Hands what was written to the pump; ends when there is room for more, with false when the pump has ended.</summary>
    private async Task<bool> FlushAsync()
    {
        try
        {
            var flushed = await _pipe.Writer.FlushAsync();
            return !flushed.IsCompleted && !flushed.IsCanceled;
        }
        catch (InvalidOperationException)
        {
            // The pipe was completed while this waited for room.
            return false;
        }
    }
}
