namespace OpAgent.Runtime.Sessions;

/// <summary>Counts an agent's unexpected ends, so that one that crashes at every start does not burn the machine.</summary>
internal sealed class CrashWatch(SessionOptions options, TimeProvider time)
{
    // Time that passed, not time of day: somebody may set the clock.
    private readonly Queue<long> _crashes = new();

    /// <summary>The last unexpected ends, oldest first, by the clock of the machine, which the next program reads as well.</summary>
    public IReadOnlyList<long> Crashes => [.. _crashes];

    /// <summary>Goes on from what another watch counted.</summary>
    public void Restore(IEnumerable<long> crashes)
    {
        foreach (var crash in crashes) _crashes.Enqueue(crash);
    }

    public void Add()
    {
        _crashes.Enqueue(time.GetTimestamp());
        if (_crashes.Count > options.CrashLimit) _crashes.Dequeue();
    }

    /// <exception cref="AgentStartException">The limit is reached.</exception>
    public void Check(string agent)
    {
        if (_crashes.Count < options.CrashLimit) return;
        var left = options.CrashWindow - time.GetElapsedTime(_crashes.Peek());
        if (left > TimeSpan.Zero)
            throw new AgentStartException($"Agent '{agent}' ended unexpectedly {_crashes.Count} times within {options.CrashWindow.TotalSeconds:0} s and is not started before {time.GetUtcNow() + left:HH:mm:ss} UTC. Its log says why; repair or replace it.");
        _crashes.Clear();
    }
}
