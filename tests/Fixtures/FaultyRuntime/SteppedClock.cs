namespace OpAgent.FaultyRuntime;

/// <summary>A clock that somebody sets: the time of day jumps, timers and time spans do not notice, as on a real machine.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _offset;

    /// <summary>How far the clock is from the real time.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
