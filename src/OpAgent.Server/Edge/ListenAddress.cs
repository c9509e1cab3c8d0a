using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OpAgent.Server.Edge;

/// <summary>An address to listen on. A null <paramref name="Ip"/> means every address of the machine.</summary>
internal sealed record ListenAddress(IPAddress? Ip, int Port, bool IsHttps)
{
    public bool IsLoopback => Ip is not null && IPAddress.IsLoopback(Ip);

    public static bool TryParse(string url, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return false;
        }

        if (binding.IsUnixPipe || binding.IsNamedPipe || binding.Scheme is not ("http" or "https") || binding.PathBase.Length > 0) return false;
        var ip = binding.Host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" or "0.0.0.0" => null,
            var host => IPAddress.TryParse(host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.None,
        };
        if (Equals(ip, IPAddress.None)) return false;
        address = new(ip, binding.Port, binding.Scheme == "https");
        return true;
    }

    public void Listen(KestrelServerOptions kestrel)
    {
        if (Ip is null) kestrel.ListenAnyIP(Port, Configure);
        else kestrel.Listen(Ip, Port, Configure);

        void Configure(ListenOptions listen)
        {
            if (!IsHttps) return;
            try
            {
                listen.UseHttps();
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw EdgeProblems.CertificateNotUsable.With(
                    $"HTTPS on port {Port} needs a certificate that the host can read: {exception.Message.Split('\n')[0].Trim()} Name one with Kestrel:Certificates:Default:Path, and with :KeyPath or :Password what belongs to it, in appsettings.json.");
            }
        }
    }

    /// <summary>Whether nobody listens here yet. Somebody may be faster all the same; then the host says so and ends.</summary>
    public bool IsFree()
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        // As Kestrel binds: a connection of an earlier host that still lingers is no obstacle.
        probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            probe.Bind(new IPEndPoint(Ip ?? IPAddress.Any, Port));
            probe.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
