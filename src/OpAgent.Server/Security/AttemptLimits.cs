namespace OpAgent.Server.Security;

/// <summary>How many attempts are free, and how often one more is.</summary>
internal sealed record AttemptLimit(int Free, TimeSpan Pause);

/// <summary>
/// Counts attempts by key: each is free until too many came, then one in each pause. Memory is bounded: where too many keys are held, those with
/// the fewest attempts go first.
/// </summary>
internal sealed class AttemptLimits(TimeProvider time)
{
    private const int MostKeys = 20_000;

    private readonly Lock _lock = new();
    // The time at which all attempts of a key will have been forgotten.
    private readonly Dictionary<string, DateTimeOffset> _forgotten = [];

    /// <summary>How many keys are held.</summary>
    public int Count => _forgotten.Count;

    /// <summary>Counts an attempt before it is made. Null where it may be made, else how long to wait.</summary>
    public TimeSpan? Take(string key, AttemptLimit limit)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var forgotten = _forgotten.GetValueOrDefault(key, now) is var until && until > now ? until : now;
            var wait = forgotten + limit.Pause - (limit.Free * limit.Pause) - now;
            if (wait > TimeSpan.Zero) return wait;
            if (_forgotten.Count >= MostKeys) MakeRoom(now);
            _forgotten[key] = forgotten + limit.Pause;
            return null;
        }
    }

    /// <summary>The attempt succeeded: it does not count.</summary>
    public void GiveBack(string key, AttemptLimit limit)
    {
        lock (_lock)
        {
            if (_forgotten.TryGetValue(key, out var forgotten)) _forgotten[key] = forgotten - limit.Pause;
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var key in _forgotten.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList()) _forgotten.Remove(key);
        if (_forgotten.Count < MostKeys) return;
        foreach (var key in _forgotten.OrderBy(entry => entry.Value).Take(MostKeys / 2).Select(entry => entry.Key).ToList()) _forgotten.Remove(key);
    }
}
