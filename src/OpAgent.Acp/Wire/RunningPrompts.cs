namespace OpAgent.Acp.Wire;

/// <summary>The turns that run in an agent, so that <c>session/cancel</c> finds them.</summary>
internal sealed class RunningPrompts
{
    private readonly HashSet<RunningPrompt> _running = [];

    public RunningPrompt Begin(string sessionId, CancellationToken requestToken)
    {
        var prompt = new RunningPrompt(sessionId, requestToken);
        lock (_running) _running.Add(prompt);
        return prompt;
    }

    public void End(RunningPrompt prompt)
    {
        lock (_running) _running.Remove(prompt);
        prompt.Dispose();
    }

    public void Cancel(string sessionId)
    {
        // Within the lock, so that none is disposed meanwhile; what waits for the token goes on elsewhere.
        lock (_running)
        {
            foreach (var prompt in _running)
                if (prompt.SessionId == sessionId)
                    prompt.Cancel();
        }
    }
}

/// <summary>One turn that runs.</summary>
internal sealed class RunningPrompt(string sessionId, CancellationToken requestToken) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(requestToken);

    public string SessionId { get; } = sessionId;

    /// <summary>Whether <c>session/cancel</c> ended the turn.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Fires when the turn or its request is cancelled or the connection ends.</summary>
    public CancellationToken Token => _cancellation.Token;

    public void Cancel()
    {
        IsCancelled = true;
        _ = _cancellation.CancelAsync();
    }

    public void Dispose() => _cancellation.Dispose();
}
