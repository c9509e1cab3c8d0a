namespace OpAgent.Acp.Wire;

/// <summary>
/// JSON-RPC over a pair of streams, the same for both sides: one loop reads and handles everything in order, one pump writes.
/// The loop never waits for a handler, for the peer to read, or for an answer.
/// </summary>
internal sealed partial class PeerConnection : IAsyncDisposable
{
    // So many lines are handled before the other connections get their turn: some lines cost a hundred times what others do.
    private const int MaxBatchLines = 1_000;

    private readonly RestoredStream _input;
    private readonly Stream _output;
    private readonly IPeer _peer;
    private readonly AcpConnectionOptions _options;
    private readonly LineReader _lines;
    private readonly MessageWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _junkLines;
    private long _junkBytes;
    private int _isStarted;

    public PeerConnection(Stream input, Stream output, IPeer peer, AcpConnectionOptions? options, AcpConnectionState? state = null)
    {
        _output = output;
        _peer = peer;
        _options = options ?? new AcpConnectionOptions();
        _input = new RestoredStream(input, state?.Unread);
        _lines = new LineReader(_input, _options.MaxLineBytes) { IsDropping = state is { IsDropping: true } };
        _writer = new MessageWriter(_options.SendBufferBytes, state?.Unsent);
        if (state is not null) Restore(state);
    }

    /// <summary>Ends when the peer closed its stream or the connection was disposed; fails when reading failed.</summary>
    public Task Completion => _completion.Task;

    public long JunkLines => Interlocked.Read(ref _junkLines);

    public long JunkBytes => Interlocked.Read(ref _junkBytes) + _lines.DroppedBytes;

    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) is 1)
            throw new InvalidOperationException("The connection was started or disposed before; make a new one.");
        _writer.Start(_output);
        AnswerRestored();
        _ = Task.Run(RunAsync);
    }

    /// <summary>Ends the connection: nothing is handled once this has returned. The streams stay open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (Interlocked.Exchange(ref _isStarted, 1) is 0) await EndAsync(failure: null);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            await ReadAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception e)
        {
            failure = e;
        }
        _lines.Complete();
        await EndAsync(failure);
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            await PauseIfAskedAsync();
            var filling = _lines.FillAsync(_stop.Token);
            var hadMore = filling.IsCompleted;
            if (!await filling) return;
            while (HandleBatch() == MaxBatchLines) await Task.Yield();
            // A peer that always has more to say would keep a thread of the pool to itself, and there are few.
            if (hadMore) await Task.Yield();
        }
    }

    /// <returns>How many lines there were.</returns>
    private int HandleBatch()
    {
        var lines = 0;
        while (lines < MaxBatchLines && !_stop.IsCancellationRequested && _lines.TryRead(out var line, out var isTooLong))
        {
            lines++;
            try
            {
                if (isTooLong) Junk(line, JunkReason.TooLong);
                else Handle(line);
            }
            catch (Exception e)
            {
                ReportFailure("line", e);
            }
        }
        if (lines > 0) EndBatch();
        return lines;
    }

    private void EndBatch()
    {
        try
        {
            _peer.OnBatchEnd();
        }
        catch (Exception e)
        {
            ReportFailure("batch", e);
        }
    }

    private void Handle(ReadOnlySpan<byte> line)
    {
        // Some programs begin their output with a byte order mark.
        if (line.StartsWith("\uFEFF"u8)) line = line["\uFEFF"u8.Length..];
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty) return;
        if (!Message.TryParse(line, out var message)) Junk(line, JunkReason.NotProtocol);
        else if (message.IsResponse) CompleteRequest(message);
        else if (message.IsRequest) StartRequest(message, line);
        else if (message.Method.SequenceEqual("$/cancel_request"u8)) CancelIncoming(message.RequestId);
        else if (!_peer.OnNotification(message)) Junk(line, JunkReason.NotProtocol);
    }

    private void Junk(ReadOnlySpan<byte> line, JunkReason reason)
    {
        Interlocked.Increment(ref _junkLines);
        if (reason is not JunkReason.TooLong) Interlocked.Add(ref _junkBytes, line.Length);
        _peer.OnJunk(new JunkLine(line, reason));
    }

    private void ReportFailure(string handler, Exception error) => _options.HandlerFailed?.Invoke(handler, error);

    private async Task EndAsync(Exception? failure)
    {
        FailOutgoing(failure);
        using var deadline = new CancellationTokenSource(_options.CloseTimeout, _options.TimeProvider);
        await EndIncomingAsync(deadline.Token);
        await _writer.CompleteAsync(deadline.Token);
        if (failure is null) _completion.TrySetResult();
        else _completion.TrySetException(failure);
    }
}
