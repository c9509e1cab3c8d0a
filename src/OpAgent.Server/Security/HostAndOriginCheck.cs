using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

/// <summary>
/// Refuses what a foreign web page can make a browser send: requests under a name that an attacker's DNS points here, and requests, upgrades to
/// WebSocket among them, that another origin began.
/// </summary>
internal sealed class HostAndOriginCheck
{
    private readonly RequestDelegate _next;
    private readonly HashSet<string> _hosts;
    private readonly string? _publicOrigin;

    public HostAndOriginCheck(RequestDelegate next, IOptions<EdgeOptions> options)
    {
        _next = next;
        _hosts = new(["localhost", "127.0.0.1", "[::1]", PageAddress.LocalName, .. EdgeOptions.Split(options.Value.AllowedHosts)], StringComparer.OrdinalIgnoreCase);
        if (options.Value.PublicUrl is not { Length: > 0 } publicUrl) return;
        var uri = new Uri(publicUrl);
        _hosts.Add(uri.Host);
        _publicOrigin = uri.GetLeftPart(UriPartial.Authority);
    }

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsOwnName(context))
        {
            return ProblemResponse.WriteAsync(context, KnownProblems.HostNotAllowed.With(
                $"The host does not go by the name '{request.Host.Host}'. If it should, add the name to AllowedHosts or set PublicUrl."));
        }

        var origin = request.Headers.Origin.ToString();
        if (request.Headers.Origin.Count > 0 && !IsOwnOrigin(request, origin))
        {
            return ProblemResponse.WriteAsync(context, KnownProblems.OriginNotAllowed.With(
                $"The request comes from a page of '{origin}', not of this host. If the host is reached under that address, set PublicUrl."));
        }

        return _next(context);
    }

    // A name without a dot is no name in the public DNS, and programs call a socket what they like.
    private static bool IsSocketName(HttpContext context) =>
        context.Features.Get<SocketPeer>() is not null && !context.Request.Host.Host.Contains('.');

    // An address that the connection itself came in on cannot have been forged through DNS.
    private bool IsOwnName(HttpContext context) =>
        _hosts.Contains(context.Request.Host.Host) || IsSocketName(context)
        || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var address) && context.Connection.LocalIpAddress is { } local
            && address.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local));

    private bool IsOwnOrigin(HttpRequest request, string origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
        || string.Equals(origin, _publicOrigin, StringComparison.OrdinalIgnoreCase);
}
