namespace OpAgent.Runtime.Limits;

/// <summary>Counts down the time that a turn has. Stands still while the turn waits for a person. Disposing it keeps it from ending any turn.</summary>
internal sealed class TurnClock : IDisposable
{
    // Timers of the system take no more.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly TimeProvider _time;
    private readonly Action _over;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _left;
    private long? _since;       // when it began to run; null while it stands

    /// <param name="over">Called once, on a pool thread, when the time is up; must return quickly.</param>
    public TurnClock(TimeProvider time, TimeSpan limit, Action over)
    {
        _time = time;
        _over = over;
        _left = limit;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Go();
    }

    /// <summary>What is left of the turn's time.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                if (_since is not null) Count();
                return _left;
            }
        }
    }

    /// <summary>Goes on, unless it already does.</summary>
    public void Go()
    {
        lock (_gate)
        {
            if (_since is not null) return;
            _since = _time.GetTimestamp();
            Arm();
        }
    }

    /// <summary>Stands until <see cref="Go"/>.</summary>
    public void Stand()
    {
        lock (_gate)
        {
            if (_since is null) return;
            Count();
            _since = null;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _since = null;
            _timer.Dispose();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_since is null) return;
            Count();
            if (_left > TimeSpan.Zero)
            {
                Arm();
                return;
            }

            _since = null;
        }

        _over();
    }

    private void Count()
    {
        var now = _time.GetTimestamp();
        _left -= _time.GetElapsedTime(_since!.Value, now);
        _since = now;
    }

    private void Arm() => _timer.Change(_left <= TimeSpan.Zero ? TimeSpan.Zero : _left < Longest ? _left : Longest, Timeout.InfiniteTimeSpan);
}
