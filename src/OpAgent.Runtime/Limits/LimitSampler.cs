using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Limits;

/// <summary>Looks at what agents use up, from time to time. Runs while there is one to look at, and one look serves all of them.</summary>
internal sealed class LimitSampler(TimeProvider time, ILogger logger) : IDisposable
{
    // A look costs about 15 µs for each process of the machine.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly HashSet<AgentWatch> _watches = [];
    private ITimer? _timer;

    /// <summary>True while it looks.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate) return _timer is not null;
        }
    }

    public void Add(AgentWatch watch)
    {
        lock (_gate)
        {
            if (!_watches.Add(watch) || _timer is not null) return;
            _timer = time.CreateTimer(_ => Look(), null, Interval, Timeout.InfiniteTimeSpan);
        }
    }

    public void Remove(AgentWatch watch)
    {
        lock (_gate)
        {
            if (!_watches.Remove(watch) || _watches.Count > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _watches.Clear();
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Look()
    {
        AgentWatch[] watches;
        lock (_gate) watches = [.. _watches];
        var all = new Lazy<IReadOnlyDictionary<int, ProcessStatus>>(AgentWatch.ReadAll);
        foreach (var watch in watches)
        {
            try
            {
                watch.Look(all);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LimitsLog.LookFailed(logger, watch.Pid, error);
            }
        }

        // Only now, so that a slow look is not overtaken by the next.
        lock (_gate) _timer?.Change(Interval, Timeout.InfiniteTimeSpan);
    }
}
