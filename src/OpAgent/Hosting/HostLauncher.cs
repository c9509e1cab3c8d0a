using System.Diagnostics;
using OpAgent.Client;
using OpAgent.Server.Storage;

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
        Directory.CreateDirectory(Path.GetDirectoryName(data.HostLog)!);
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
                    throw new HostUnavailableException($"The host did not start: it ended with exit code {process.ExitCode}. Its log is {data.HostLog}.");
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostUnavailableException($"The host was not ready after {TimeToStart.TotalSeconds} seconds. Its log is {data.HostLog}.");
        }
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
