using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

/// <summary>The two ways in: the socket, where being the owner is the credential, and a token everywhere else.</summary>
internal sealed class DoorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<SocketPeer>() is { } peer)
            return peer.Refusal is null ? Success(Caller.AtSocket()) : AuthenticateResult.Fail(peer.Refusal);

        if (ReadToken() is not { } token) return AuthenticateResult.NoResult();
        return await tokens.FindPersonAsync(token, Context.RequestAborted) is { } person
            ? Success(Caller.WithToken(person))
            : AuthenticateResult.Fail("The token is not known here.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Context.Features.Get<SocketPeer>() is { Refusal: { } refusal })
            return ProblemResponse.WriteAsync(Context, KnownProblems.PeerNotAllowed.With(refusal));

        Response.Headers.WWWAuthenticate = "Bearer realm=\"OpAgent\"";
        return ProblemResponse.WriteAsync(Context, KnownProblems.Unauthorized.With(ReadToken() is null
            ? "The request has no token: send 'Authorization: Bearer TOKEN'. 'opagent token create NAME' makes one on the host's machine."
            : "The token is not known here; it may have been revoked. 'opagent token create NAME' makes a new one on the host's machine."));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ProblemResponse.WriteAsync(
        Context, KnownProblems.Forbidden.With($"{Request.Method} {Request.Path} is for the host's owner: use the opagent command on the host's machine."));

    private string? ReadToken()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        // A browser cannot set headers on a WebSocket. Elsewhere a token in an address would end up in logs and histories.
        return Request.Path.StartsWithSegments("/hubs") && Request.Query["access_token"].ToString() is { Length: > 0 } query ? query : null;
    }

    private AuthenticateResult Success(System.Security.Claims.ClaimsPrincipal caller) => AuthenticateResult.Success(new(caller, Scheme.Name));
}
