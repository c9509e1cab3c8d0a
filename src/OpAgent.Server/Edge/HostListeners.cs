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
        _logger.Listening(string.Join(", ", urls), _data.HostSocket);
        return urls;
    }

    public void Dispose() => _socket.Dispose();

    private IEnumerable<ListenAddress> Addresses()
    {
        foreach (var url in EdgeOptions.Split(_options.Urls ?? EdgeOptions.DefaultUrl))
        {
            _ = ListenAddress.TryParse(url, out var address);
            if (_options.Urls is null && !address!.IsFree())
            {
                _logger.PortTaken(address.Port);
                address = address with { Port = 0 };
            }

            yield return address!;
        }
    }
}
