namespace OpAgent.Runtime.Sessions;

/// <summary>Counts an agent's unexpected ends, so that one that crashes at every start does not burn the machine.</summary>
internal sealed class CrashWatch(SessionOptions options, TimeProvider time)
{
    private readonly Queue<DateTimeOffset> _crashes = new();

    /// <summary>The last unexpected ends, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Crashes => [.. _crashes];

    /// <summary>Goes on from what another watch counted.</summary>
    public void Restore(IEnumerable<DateTimeOffset> crashes)
    {
        foreach (var crash in crashes) _crashes.Enqueue(crash);
    }

    public void Add()
    {
        _crashes.Enqueue(time.GetUtcNow());
        if (_crashes.Count > options.CrashLimit) _crashes.Dequeue();
    }

    /// <exception cref="AgentStartException">The limit is reached.</exception>
    public void Check(string agent)
    {
        if (_crashes.Count < options.CrashLimit) return;
        var until = _crashes.Peek() + options.CrashWindow;
        if (time.GetUtcNow() < until)
            throw new AgentStartException($"Agent '{agent}' ended unexpectedly {_crashes.Count} times within {options.CrashWindow.TotalSeconds:0} s and is not started before {until:HH:mm:ss} UTC. Its log says why; repair or replace it.");
        _crashes.Clear();
    }
}
