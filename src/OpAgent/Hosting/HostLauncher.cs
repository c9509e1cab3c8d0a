using System.Diagnostics;
using OpAgent.Client;
using OpAgent.Server.Storage;
using OpAgent.Terminal;

namespace OpAgent.Hosting;

/// <summary>Makes sure that a host serves the data directory: the one that runs, or one that is started in the background and outlives its starter.</summary>
internal static class HostLauncher
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="HostUnavailableException">The host did not come up; the message says where its log is.</exception>
    public static async Task EnsureAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        if (await HostClient.IsReadyAsync(data, cancellationToken)) return;
        data.Create();
        var before = File.Exists(data.HostLog) ? new FileInfo(data.HostLog).Length : 0;
        using var process = Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeToStart);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (!await HostClient.IsReadyAsync(data, limit.Token))
            {
                // Somebody else may have started one at the same time; then ours has left and theirs gets ready.
                if (process.HasExited && process.ExitCode != ExitCode.HostRuns)
                    throw new HostUnavailableException($"The host did not start (exit code {process.ExitCode}).{LastWords(data.HostLog, before)} Its log is {data.HostLog}.");
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostUnavailableException($"The host was not ready after {TimeToStart.TotalSeconds} seconds. Its log is {data.HostLog}.");
        }
    }

    /// <summary>Why the host ended, as it said so itself in its log.</summary>
    private static string LastWords(string log, long before)
    {
        using var stream = new FileStream(log, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Min(before, stream.Length);
        using var reader = new StreamReader(stream);
        var said = reader.ReadToEnd().Split('\n').LastOrDefault(line => line.StartsWith(CommandOutput.Prefix, StringComparison.Ordinal));
        return said is null ? "" : $" {said[CommandOutput.Prefix.Length..]}";
    }

    private static Process Start()
    {
        var program = Environment.ProcessPath!;
        // Pipes of our own: .NET duplicates what it is started with, so that a host would keep its starter's output open for as long as it runs.
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "opagent.dll"));
        start.ArgumentList.Add("serve");
        start.ArgumentList.Add("--detach");
        return Process.Start(start)!;
    }
}
