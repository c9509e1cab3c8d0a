namespace OpAgent.Runtime.Limits;

/// <summary>Adds up what an agent writes within the last few seconds. Costs nothing while nothing is written.</summary>
internal sealed class OutputMeter(TimeProvider time)
{
    private const int Seconds = 5;

    private readonly Lock _gate = new();
    private readonly long[] _bytes = new long[Seconds];
    private readonly long _begin = time.GetTimestamp();
    private long _second;
    private long _sum;

    /// <summary>A rate is looked at over this time, so that one large file may come at once.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(Seconds);

    /// <returns>How many bytes came within the window, these included.</returns>
    public long Add(int bytes)
    {
        lock (_gate)
        {
            var now = (long)time.GetElapsedTime(_begin).TotalSeconds;
            for (var forgotten = 0; _second < now && forgotten < Seconds; forgotten++)
            {
                ref var oldest = ref _bytes[++_second % Seconds];
                _sum -= oldest;
                oldest = 0;
            }

            _second = now;
            _bytes[now % Seconds] += bytes;
            return _sum += bytes;
        }
    }
}
