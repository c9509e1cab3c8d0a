using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>The runtime of the host's own machine, behind its unix socket.</summary>
internal sealed class LocalTransport(DataDirectory data, RuntimeLauncher launcher, IOptions<MachineOptions> options) : IMachineTransport, IDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);

    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        if (await TryConnectAsync(data.RuntimeSocket, cancellationToken) is { } running) return running;
        if (!options.Value.StartRuntime)
        {
            throw new RuntimeUnreachableException(
                $"no runtime listens on {data.RuntimeSocket}, and this host is set to start none ({nameof(MachineOptions.StartRuntime)}): start its unit, 'systemctl start opagent-runtime@{Environment.UserName}'");
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            await launcher.StartAsync(cancellationToken);
            return await TryConnectAsync(data.RuntimeSocket, cancellationToken)
                ?? throw new RuntimeUnreachableException($"the runtime started but does not listen on {data.RuntimeSocket}: look into {data.RuntimeHome} for its log");
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Connects to the runtime that runs, or returns null where none does.</summary>
    public static async ValueTask<Stream?> TryConnectAsync(string runtimeSocket, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var path = UnixSocketPath.For(runtimeSocket);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path.Address), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception exception) when (exception is SocketException or DirectoryNotFoundException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _starting.Dispose();
}
