using System.Globalization;

namespace OpAgent.Benchmarks;

/// <summary>1 GB from one agent while somebody watches it: what it adds to runtime and host, and what another conversation's viewer notices.</summary>
internal static class Flood
{
    private const int Times = 16;
    private const long FileBytes = 64L * 1024 * 1024;

    public static async Task RunAsync(HostUnderTest host)
    {
        var line = PrintingAgent.Chunk(new string('x', 8000));
        var (_, updates) = PrintingAgent.Add(host, "flood-updates", Enumerable.Repeat(line, (int)(FileBytes / line.Length)), Times);
        var (_, junk) = PrintingAgent.Add(host, "flood-junk", Enumerable.Repeat("this is no protocol", (int)(FileBytes / 20)), Times);
        await ChunkLatency.MeasureAsync(host);
        var quiet = await ChunkLatency.MeasureAsync(host);
        foreach (var (name, agent) in new[] { ("updates", updates), ("junk", junk) })
        {
            var conversation = await host.CreateConversationAsync(agent);
            var (hostBefore, runtimeBefore) = (ResetPeak(host.Pid), ResetPeak(host.RuntimePid));
            var turn = await host.StartTurnAsync(conversation, "print");
            using var leave = new CancellationTokenSource();
            var viewer = WatchAsync(host, conversation, leave.Token);
            var other = await ChunkLatency.MeasureAsync(host);
            await host.UntilEndedAsync(conversation, turn);
            await leave.CancelAsync();
            await viewer;
            Console.WriteLine($"flood: 1 GB of {name} adds at most {Peak(host.RuntimePid) - runtimeBefore:0} MB to the runtime and {Peak(host.Pid) - hostBefore:0} MB to the host (aim: 64 each); another conversation's chunks {other}, without {quiet}, p99 ratio {other.Percentile(99) / quiet.Percentile(99):0.00} (aim: at most 2)");
            await host.StopAsync(conversation);
        }
    }

    /// <summary>Reads what comes, until told to leave.</summary>
    private static async Task WatchAsync(HostUnderTest host, string conversation, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in host.FollowAsync(conversation, cancellationToken))
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // It left, or was too slow and was cut off.
        }
    }

    /// <summary>Lets the peak begin anew (proc_pid_clear_refs(5)) and returns what is resident now, in MB.</summary>
    private static double ResetPeak(int pid)
    {
        File.WriteAllText($"/proc/{pid}/clear_refs", "5");
        return IdleMemory.Resident(pid);
    }

    private static double Peak(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
