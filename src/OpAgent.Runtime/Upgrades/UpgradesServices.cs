using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace OpAgent.Runtime.Upgrades;

internal static class UpgradesServices
{
    public static IServiceCollection AddUpgrades(this IServiceCollection services, DaemonSockets sockets) => services
        .AddSingleton(sockets)
        .AddSingleton<CallGate>()
        .AddSingleton<Candidate>()
        .AddSingleton<Upgrader>()
        .Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = sockets.For);
}
