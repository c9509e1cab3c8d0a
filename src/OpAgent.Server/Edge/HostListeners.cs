using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpAgent.Server.Security;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Edge;

/// <summary>Where the host listens: on TCP as configured, and on a socket in its data directory for its owner.</summary>
internal sealed class HostListeners : IConfigureOptions<KestrelServerOptions>, IDisposable
{
    private const int MostHeaderBytes = 32 * 1024;

    private readonly DataDirectory _data;
    private readonly EdgeOptions _options;
    private readonly SocketPeers _peers;
    private readonly PageAddress _page;
    private readonly ILogger<HostListeners> _logger;
    private readonly UnixSocketPath _socket;

    public HostListeners(DataDirectory data, IOptions<EdgeOptions> options, SocketPeers peers, PageAddress page, ILogger<HostListeners> logger)
    {
        (_data, _options, _peers, _page, _logger) = (data, options.Value, peers, page, logger);
        _socket = UnixSocketPath.For(data.HostSocket);
    }

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        // What may be larger says so where it is mapped.
        options.Limits.MaxRequestBodySize = BodyLimits.Ordinary;
        foreach (var address in Addresses()) address.Listen(options);

        // The lock of the data directory is ours, so a socket that is there belongs to a host that died.
        File.Delete(_data.HostSocket);
        options.ListenUnixSocket(_socket.Address, listen => listen.Use(_peers.Identify));
    }

    /// <summary>Closes the socket to others and says where the host listens on TCP. To be called once it does.</summary>
    public IReadOnlyList<string> Open(IServer server)
    {
        File.SetUnixFileMode(_data.HostSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var urls = server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(url => !url.StartsWith("http://unix:", StringComparison.Ordinal)).ToList();
        _page.ListensOn(urls);
        if (_options.Urls is null && urls.Count > 0) File.WriteAllText(_data.LastPort, new Uri(urls[0]).Port.ToString(CultureInfo.InvariantCulture));
        _logger.Listening(string.Join(", ", urls), _data.HostSocket);
        return urls;
    }

    public void Dispose() => _socket.Dispose();

    private int LastPort() =>
        File.Exists(_data.LastPort) && int.TryParse(File.ReadAllText(_data.LastPort), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue ? port : 0;

    private IEnumerable<ListenAddress> Addresses()
    {
        foreach (var url in EdgeOptions.Split(_options.Urls ?? EdgeOptions.DefaultUrl))
        {
            _ = ListenAddress.TryParse(url, out var address);
            if (_options.Urls is null && !address!.IsFree())
            {
                // The one that was taken the last time, where it is free: pages that are open find the host again.
                var last = address with { Port = LastPort() };
                _logger.PortTaken(address.Port);
                address = last.Port > 0 && last.IsFree() ? last : address with { Port = 0 };
            }

            yield return address!;
        }
    }
}
