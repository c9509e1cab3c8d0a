using System.Globalization;
using OpAgent.Client;
using OpAgent.Server;
using OpAgent.Server.Edge;
using OpAgent.Server.Storage;

namespace OpAgent.Diagnosis;

/// <summary>The host, and the addresses that it listens on or would listen on.</summary>
internal static class HostCheck
{
    private const string Name = "host";
    private const string Listening = "0A"; // TCP_LISTEN in /proc/net/tcp

    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(5);

    public static async Task<Finding> LookAsync(DataDirectory data, SystemFiles system, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeToAnswer);
        try
        {
            return Judge(system, HostAnnouncement.Read(data), await HostClient.IsReadyAsync(data, limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Problem(Name, $"The host does not answer on {data.HostSocket}, not even after {TimeToAnswer.TotalSeconds} seconds.", $"Look into {data.HostLog}, and restart it; agents go on.");
        }
    }

    private static Finding Judge(SystemFiles system, HostAnnouncement? said, bool isReady)
    {
        if (!isReady)
        {
            var port = new Uri(EdgeOptions.DefaultUrl).Port;
            return IsTaken(system, port)
                ? Finding.Warning(Name, $"No host runs, and another program listens on port {port}: a host without --urls takes another port.", $"End that program, or name an address with --urls. 'ss -ltnp sport = :{port}' says which it is.")
                : Finding.Ok(Name, $"No host runs. 'opagent' starts one, on {EdgeOptions.DefaultUrl} where nothing else is set.");
        }

        var where = said is null ? "" : $", process {said.Pid}, on {string.Join(" ", said.Urls)}";
        return said is not null && said.Version != HostVersion.Text
            ? Finding.Warning(Name, $"The host that runs is {said.Version}{where}; this program is {HostVersion.Text}.", "Restart the host; agents go on.")
            : Finding.Ok(Name, $"The host {HostVersion.Text} runs{where}.");
    }

    /// <summary>Whether a program of this machine listens on a port, whoever's it is.</summary>
    internal static bool IsTaken(SystemFiles system, int port)
    {
        var ending = $":{port:X4}";
        return $"{system.Read("/proc/net/tcp")}{system.Read("/proc/net/tcp6")}".Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields is [_, var local, _, Listening, ..] && local.EndsWith(ending, StringComparison.Ordinal));
    }
}
