using System.Net.Sockets;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Hosting;

/// <summary>Makes sure that a runtime serves a home: finds the one that does, or starts one that outlives its starter.</summary>
internal static class DetachedStart
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>A connection to the runtime.</returns>
    /// <exception cref="IOException">The runtime did not come up; the message says where its log is.</exception>
    public static async Task<Socket> ConnectAsync(RuntimeHome home, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        int? started = null;
        try
        {
            while (true)
            {
                if (await TryConnectAsync(home, limit.Token).ConfigureAwait(false) is { } socket) return socket;
                // The one that was started ends at once where another still has the home, one that is just stopping for example.
                if (started is not { } pid || HasExited(pid, home)) started = Start(home);
                await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The runtime did not start within {Limit.TotalSeconds} s. Its log is {home.Log}.");
        }
    }

    /// <summary>Connects to the runtime's socket; null where nobody listens.</summary>
    public static async Task<Socket?> TryConnectAsync(RuntimeHome home, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(RuntimeHome.ShortSocketPath(home.Socket)), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <exception cref="IOException">It ended for another reason than that the home is taken.</exception>
    private static unsafe bool HasExited(int pid, RuntimeHome home)
    {
        var info = default(LibC.SigInfo);
        if (LibC.waitid(LibC.P_PID, pid, &info, LibC.WEXITED | LibC.WNOHANG) != 0 || info.Pid == 0) return false;
        var exit = info.Code == LibC.CLD_EXITED ? new ProcessExit(info.Status, null) : new ProcessExit(null, info.Status);
        return exit.Code == ServeCommand.HomeTaken ? true : throw new IOException($"The runtime did not start: it {exit}. Its log is {home.Log}.");
    }

    private static int Start(RuntimeHome home)
    {
        // What the daemon itself would say of a full disk stands in its log, which is on that disk.
        home.CheckWritable();
        var input = LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        var log = LibC.open(home.Log, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_APPEND | LibC.O_CLOEXEC, 0x180);
        if (input < 0 || log < 0) throw PosixException.Last($"cannot open {home.Log}");
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => (string)variable.Key != "OPAGENT_RUNTIME_HOME")
            .Select(variable => $"{variable.Key}={variable.Value}").Append($"OPAGENT_RUNTIME_HOME={home.Path}");
        var pid = SpawnCall.Spawn(Environment.ProcessPath!, ["serve"], environment, "/", input, log, log);
        _ = LibC.close(input);
        _ = LibC.close(log);
        return pid;
    }
}
