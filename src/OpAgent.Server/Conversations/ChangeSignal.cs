namespace OpAgent.Server.Conversations;

/// <summary>Tells listeners that something changed: soon, and at most once in an interval however often it does.</summary>
internal sealed class ChangeSignal(TimeSpan interval, TimeProvider time)
{
    private int _pending;

    /// <summary>Raised on the thread pool. A listener that throws is the caller's error.</summary>
    public event Action? Changed;

    public void Raise()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0) _ = TellAsync();
    }

    private async Task TellAsync()
    {
        await Task.Delay(interval, time).ConfigureAwait(false);
        Volatile.Write(ref _pending, 0);
        Changed?.Invoke();
    }
}
