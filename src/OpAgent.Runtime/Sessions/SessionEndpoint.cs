using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// The HTTP address on loopback that agents find in <c>OPAGENT_ENDPOINT</c>, and the socket that carries it into sessions without a network. It knows the secrets of the live sessions and serves nothing to anybody else.
/// </summary>
internal sealed partial class SessionEndpoint
{
    private readonly ConcurrentDictionary<string, Guid> _conversations = new();

    /// <summary>The base address.</summary>
    public string Address { get; private set; } = "";

    public int Port => new Uri(Address).Port;

    public void Start(WebApplication app) => Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
        .Addresses.First(address => address.StartsWith("http://127.", StringComparison.Ordinal));

    /// <summary>Makes the secret of a session that begins.</summary>
    public string Issue(Guid conversation)
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        _conversations[Hash(token)] = conversation;
        return token;
    }

    /// <summary>Forgets the secret of a session that ended.</summary>
    public void Revoke(string token) => _conversations.TryRemove(Hash(token), out _);

    /// <summary>Keeps everything that does not come over the runtime's own socket away from the system calls.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (PeerCheck.HasPassed(context)) return next(context);
        return context.RequestServices.GetRequiredService<SessionEndpoint>().AnswerAsync(context);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        if (TokenOf(context.Request) is not { } token || !_conversations.ContainsKey(Hash(token)))
        {
            response.StatusCode = (int)HttpStatusCode.Unauthorized;
            response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        }

        // No host has offered to take sessions' connections.
        response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
        response.Headers.RetryAfter = "30";
        return Task.CompletedTask;
    }

    private static string? TokenOf(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() is ['B' or 'b', ..] bearer && bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return bearer[7..];
        return request.Headers["x-api-key"].ToString() is { Length: > 0 } key ? key : null;
    }

    // Looked up by hash, so that the time a look-up takes says nothing about the secret.
    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
