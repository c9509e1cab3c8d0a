using System.Buffers.Binary;
using System.Net.Sockets;
using OpAgent.Server.Storage;

namespace OpAgent.Hosting;

/// <summary>The host that serves a data directory, as a process.</summary>
internal static class HostProcess
{
    private const int SocketLevel = 1;       // SOL_SOCKET
    private const int PeerCredentials = 17;  // SO_PEERCRED

    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks the host to end and waits until it has. Its agents go on.</summary>
    /// <returns>The process that ended; null where none ran.</returns>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public static async Task<int?> StopAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeToEnd);
        try
        {
            if (await FindAsync(data, limit.Token) is not { } pid) return null;
            LibC.Signal(pid, LibC.SigTerm);
            using var timer = new PeriodicTimer(Interval);
            while (Lives(pid)) await timer.WaitForNextTickAsync(limit.Token);
            return pid;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The host of {data.Path} has not ended after {TimeToEnd.TotalSeconds} seconds. Its log is {data.HostLog}.");
        }
    }

    /// <summary>The process that listens on the data directory's socket. A number in a file could by now be somebody else's; this one cannot.</summary>
    private static async Task<int?> FindAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            if (await ListenerAsync(data, cancellationToken) is { } pid) return pid;
            // One that holds its lock and does not listen yet is about to.
            if (!FileLock.IsHeld(data.HostLock)) return null;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<int?> ListenerAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        if (!File.Exists(data.HostSocket)) return null;
        using var path = UnixSocketPath.For(data.HostSocket);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path.Address), cancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }

        var credentials = new byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }

    private static bool Lives(int pid)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{pid}/stat");
            // One that nobody has waited for yet is dead all the same.
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
