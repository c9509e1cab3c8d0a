using System.Net.Sockets;

namespace OpAgent.Runtime.Hosting;

/// <summary><c>opagent-runtime attach</c>: starts the daemon where none runs, then pumps bytes between stdio and its socket.</summary>
internal static class AttachCommand
{
    public static async Task<int> RunAsync(string homePath, CancellationToken cancellationToken)
    {
        var home = RuntimeHome.Open(homePath);
        using var socket = await DetachedStart.ConnectAsync(home, cancellationToken).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        var sending = SendAsync(input, stream, socket, cancellationToken);
        await stream.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
        return sending.IsFaulted ? 1 : 0;
    }

    private static async Task SendAsync(Stream input, NetworkStream stream, Socket socket, CancellationToken cancellationToken)
    {
        await input.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
    }
}
