using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using OpAgent.FaultyRuntime;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A daemon whose disk fails and whose clock jumps on demand, started as often as it is killed.</summary>
internal sealed class FaultyDaemon : IDisposable
{
    private const int KeptLines = 200;

    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;
    private Channel<string> _answers = Channel.CreateUnbounded<string>();

    /// <summary>The last lines of what it logged.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Returns when it serves its home.</summary>
    public async Task StartAsync(string home)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "faulty-runtime"))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["OPAGENT_RUNTIME_HOME"] = home },
        };
        _process?.Dispose();
        _process = Process.Start(start)!;
        _answers = Channel.CreateUnbounded<string>();
        var serves = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ReadAsync(_process.StandardOutput, _answers, serves);
        _ = ReadAsync(_process.StandardError, _answers, serves);
        await Task.WhenAny(serves.Task, _process.WaitForExitAsync()).WaitAsync(RuntimeFixture.Limit);
        Assert.True(serves.Task.IsCompleted, $"The daemon ended before it served.\n{Log}");
    }

    /// <summary>Lets an operation fail, or all from one on where it stays.</summary>
    public Task ArmAsync(Fault fault) => TellAsync($"arm {fault.Operation} {fault.Number} {fault.Kind}{(fault.Stays ? " stay" : "")}");

    /// <summary>Lets the disk work again.</summary>
    /// <returns>How often each operation was asked for since the last time.</returns>
    public async Task<int[]> HealAsync() => [.. (await TellAsync("heal")).Split(' ').Select(int.Parse)];

    /// <summary>Sets the clock, by its distance from the real time.</summary>
    public Task SetClockAsync(TimeSpan offset) => TellAsync($"clock {(int)offset.TotalSeconds}");

    /// <summary>Completes when the process is gone.</summary>
    public Task GoneAsync() => _process!.WaitForExitAsync().WaitAsync(RuntimeFixture.Limit);

    public void Kill() => _process!.Kill();

    public void Dispose()
    {
        if (_process is not { } process) return;
        // The end of its input ends it.
        process.StandardInput.Dispose();
        process.WaitForExit();
        process.Dispose();
    }

    private async Task<string> TellAsync(string order)
    {
        await _process!.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        return await _answers.Reader.ReadAsync().AsTask().WaitAsync(RuntimeFixture.Limit);
    }

    private async Task ReadAsync(StreamReader lines, Channel<string> answers, TaskCompletionSource serves)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("= ", StringComparison.Ordinal)) answers.Writer.TryWrite(line[2..]);
            else _log.Enqueue(line);
            if (_log.Count > KeptLines) _log.TryDequeue(out _);
            if (line.Contains(" serves ", StringComparison.Ordinal)) serves.TrySetResult();
        }

        answers.Writer.TryComplete();
    }
}
