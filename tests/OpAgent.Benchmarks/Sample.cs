namespace OpAgent.Benchmarks;

/// <summary>Durations of one thing done many times, in milliseconds.</summary>
internal sealed class Sample
{
    private readonly List<double> _values = [];

    public double Median => Percentile(50);

    public void Add(double milliseconds) => _values.Add(milliseconds);

    public double Percentile(int percent)
    {
        var sorted = _values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    public override string ToString() => $"p50 {Median:0.00} ms, p99 {Percentile(99):0.00} ms";
}
