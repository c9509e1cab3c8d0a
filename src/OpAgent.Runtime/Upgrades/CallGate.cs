namespace OpAgent.Runtime.Upgrades;

/// <summary>
/// Every system call passes here. While the program is being replaced it is closed: calls that come wait, and are answered by this program if the switch
/// fails; otherwise their connection is lost and their callers repeat them. Streams end.
/// </summary>
internal sealed class CallGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _closed;     // completes when the gate opens again
    private TaskCompletionSource? _left;       // completes when nothing runs any more
    private CancellationTokenSource _leaving = new();
    private int _running;

    /// <summary>Fires when streams are to end because the gate closes.</summary>
    public CancellationToken Leaving
    {
        get
        {
            lock (_gate) return _leaving.Token;
        }
    }

    /// <summary>Begins a call, once the gate is open. It ends when the pass is disposed.</summary>
    public async Task<Pass> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task opened;
            lock (_gate)
            {
                if (_closed is null)
                {
                    _running++;
                    return new Pass(this, _leaving.Token);
                }

                opened = _closed.Task;
            }

            await opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the gate and waits until no call runs.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        CancellationTokenSource leaving;
        Task left;
        lock (_gate)
        {
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0) _left.TrySetResult();
            (leaving, left) = (_leaving, _left.Task);
        }

        await leaving.CancelAsync().ConfigureAwait(false);
        await left.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the gate again; what waited goes on.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _leaving = new CancellationTokenSource();
            _closed?.TrySetResult();
            _closed = null;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_running == 0) _left?.TrySetResult();
        }
    }

    /// <summary>A call that runs.</summary>
    /// <param name="Leaving">Fires when it is to end, if it would go on for ever.</param>
    internal sealed record Pass(CallGate Gate, CancellationToken Leaving) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Gate.Leave();
        }
    }
}
