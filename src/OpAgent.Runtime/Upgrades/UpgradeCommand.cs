using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using OpAgent.Protocol;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Upgrades;

/// <summary><c>opagent-runtime upgrade PROGRAM</c>: has the daemon replace its program, and waits until the new one answers.</summary>
internal static class UpgradeCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <returns>The exit code: 0 where the new program runs, or where none ran, 1 where the old one stays.</returns>
    public static async Task<int> RunAsync(string homePath, string program, CancellationToken cancellationToken)
    {
        var home = RuntimeHome.Open(homePath);
        using (var probe = await DetachedStart.TryConnectAsync(home, cancellationToken).ConfigureAwait(false))
        {
            if (probe is null)
            {
                Console.WriteLine($"No runtime serves {home.Path}; the next start takes the new program.");
                return 0;
            }
        }

        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => new NetworkStream(await DetachedStart.TryConnectAsync(home, token).ConfigureAwait(false) ?? throw new IOException("The runtime ended."), ownsSocket: true),
        };
        using var channel = GrpcChannel.ForAddress("http://runtime", new GrpcChannelOptions { HttpHandler = handler });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var reply = await AskAsync(new Machine.MachineClient(channel), new UpgradeRequest { Command = $"{Guid.NewGuid()}", Program = program }, limit.Token).ConfigureAwait(false);
            Console.WriteLine($"The runtime was upgraded from {reply.From} to {reply.To}.");
            return 0;
        }
        catch (RpcException refused)
        {
            throw new IOException(refused.Status.Detail, refused);
        }
    }

    /// <summary>The switch takes the connection with it, so the answer comes to the same command asked again.</summary>
    private static async Task<UpgradeReply> AskAsync(Machine.MachineClient machine, UpgradeRequest request, CancellationToken limit)
    {
        while (true)
        {
            try
            {
                return await machine.UpgradeAsync(request, cancellationToken: limit).ConfigureAwait(false);
            }
            catch (RpcException lost) when (lost.StatusCode == StatusCode.Unavailable && !limit.IsCancellationRequested)
            {
                await Task.Delay(Pause, limit).ConfigureAwait(false);
            }
        }
    }
}
