using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Hosting;

/// <summary>
/// Lets only the runtime's own user in, and nothing that a session started: an agent of the same user may open the socket, whatever its mode,
/// but orphans of an agent become children of the runtime, so every agent's process descends from it.
/// </summary>
internal sealed class PeerCheck(ILogger<PeerCheck> logger)
{
    private static readonly object Passed = new();
    private static readonly int OwnUid = LibC.getuid();

    /// <summary>True where the request came over a connection that this let in.</summary>
    public static bool HasPassed(HttpContext context) => context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items.ContainsKey(Passed);

    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket)
        {
            var peer = PeerCredentials.Of(socket);
            var reason = peer.Uid != OwnUid ? "another user" : ProcessStatus.IsContained(peer.Pid) ? "it is in a namespace of processes, as agents are" : ProcessStatus.Descends(peer.Pid, Environment.ProcessId) != false ? "it was, or may have been, started by a session" : null;
            if (reason is not null)
            {
                HostingLog.PeerRefused(logger, peer.Pid, peer.Uid, reason);
                connection.Abort();
                return;
            }

            connection.Items[Passed] = true;
        }

        await next(connection).ConfigureAwait(false);
    };
}
