using System.Net.Sockets;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Hosting;

/// <summary>Makes sure that a runtime serves a home: finds the one that does, or starts one that outlives its starter.</summary>
internal static class DetachedStart
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <exception cref="IOException">The runtime did not come up; the message says where its log is.</exception>
    public static async Task EnsureAsync(RuntimeHome home, CancellationToken cancellationToken)
    {
        if (await AcceptsAsync(home, cancellationToken).ConfigureAwait(false)) return;
        Start(home);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (!await AcceptsAsync(home, limit.Token).ConfigureAwait(false)) await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false);
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

    private static async Task<bool> AcceptsAsync(RuntimeHome home, CancellationToken cancellationToken)
    {
        using var socket = await TryConnectAsync(home, cancellationToken).ConfigureAwait(false);
        return socket is not null;
    }

    private static void Start(RuntimeHome home)
    {
        var input = LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        var log = LibC.open(home.Log, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_APPEND | LibC.O_CLOEXEC, 0x180);
        if (input < 0 || log < 0) throw PosixException.Last($"cannot open {home.Log}");
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => (string)variable.Key != "OPAGENT_RUNTIME_HOME")
            .Select(variable => $"{variable.Key}={variable.Value}").Append($"OPAGENT_RUNTIME_HOME={home.Path}");
        SpawnCall.Spawn(Environment.ProcessPath!, ["serve"], environment, "/", input, log, log);
        _ = LibC.close(input);
        _ = LibC.close(log);
    }
}
