using Grpc.Core;
using Grpc.Net.Client;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Hosting;

/// <summary><c>opagent-runtime stop</c>: ends every session and the daemon.</summary>
internal static class StopCommand
{
    public static async Task<int> RunAsync(string homePath, CancellationToken cancellationToken)
    {
        var home = RuntimeHome.Open(homePath);
        using (var probe = await DetachedStart.TryConnectAsync(home, cancellationToken).ConfigureAwait(false))
        {
            if (probe is null)
            {
                Console.WriteLine($"No runtime serves {home.Path}.");
                return 0;
            }
        }

        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => new System.Net.Sockets.NetworkStream(
                await DetachedStart.TryConnectAsync(home, token).ConfigureAwait(false) ?? throw new IOException("The runtime ended."), ownsSocket: true),
        };
        using var channel = GrpcChannel.ForAddress("http://runtime", new GrpcChannelOptions { HttpHandler = handler });
        try
        {
            await new Machine.MachineClient(channel).StopAsync(new StopRequest(), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
        {
            // It ended before its answer was through.
        }

        return 0;
    }
}
