using System.Diagnostics;

namespace OpAgent.Fuzzing;

/// <summary>One target for as long as was asked for.</summary>
internal sealed class FuzzRun(IFuzzTarget target, FuzzOptions options, Findings findings)
{
    private const int MostInputs = 5_000;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(60);

    private readonly HashSet<int> _kinds = [];
    private readonly List<byte[]> _pool = [];
    private byte[] _current = [];
    private long _begun;

    public void Run()
    {
        Console.WriteLine($"{target.Name}: seed {options.Seed}, {options.Time.TotalMinutes:0.##} minutes");
        using var recorder = new FlightRecorder(options.Crashes, target.Name);
        using var watch = new Timer(_ => EndIfItHangs(), null, Hanging, TimeSpan.FromSeconds(5));
        var mutator = new Mutator(new Random(options.Seed), target.Dictionary);
        var executions = 0L;
        var start = Stopwatch.GetTimestamp();
        foreach (var seed in target.Seeds)
        {
            _pool.Add(seed);
            Try(seed, recorder);
            executions++;
        }

        for (; Stopwatch.GetElapsedTime(start) < options.Time; executions++) Try(mutator.Next(_pool), recorder);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Volatile.Write(ref _begun, 0);
        Console.WriteLine($"{target.Name}: {executions:N0} executions, {executions / seconds:N0}/s, {_kinds.Count:N0} kinds of results, {findings.Count} findings so far");
    }

    private void Try(byte[] input, FlightRecorder recorder)
    {
        recorder.Record(input);
        Volatile.Write(ref _current, input);
        try
        {
            if (_kinds.Add(RunInTime(input)) && _pool.Count < MostInputs) _pool.Add(input);
        }
        catch (Exception error)
        {
            findings.Add(target, input, error);
        }
    }

    private int RunInTime(byte[] input)
    {
        // A busy machine makes anything slow once, and nothing three times.
        for (var attempt = 1; ; attempt++)
        {
            var begun = Stopwatch.GetTimestamp();
            Volatile.Write(ref _begun, begun);
            var kind = target.Run(input);
            if (Stopwatch.GetElapsedTime(begun) <= Slow) return kind;
            InvariantException.Require(attempt < 3, $"{input.Length:N0} bytes took {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s.");
        }
    }

    private void EndIfItHangs()
    {
        var begun = Volatile.Read(ref _begun);
        if (begun == 0 || Stopwatch.GetElapsedTime(begun) < Hanging) return;
        Console.WriteLine($"{target.Name}: hangs with {findings.Save(target, Volatile.Read(ref _current))}");
        Environment.Exit(1);
    }
}
