using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

/// <summary>The ways in: the socket, where being the owner is the credential; elsewhere a token, or the cookie of a person who has signed in.</summary>
internal sealed class DoorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens, Sessions sessions, SetupCodes setup)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<SocketPeer>() is { } peer)
            return peer.Refusal is null ? Success(Caller.AtSocket()) : AuthenticateResult.Fail(peer.Refusal);

        if (ReadToken() is { } token)
        {
            return await tokens.FindAsync(token, Context.RequestAborted) is { } caller
                ? Success(caller)
                : AuthenticateResult.Fail("The token is not known here.");
        }

        return await sessions.FindAsync(Context, Context.RequestAborted) is { } person ? Success(person) : AuthenticateResult.NoResult();
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Context.Features.Get<SocketPeer>() is { Refusal: { } refusal })
        {
            await ProblemResponse.WriteAsync(Context, KnownProblems.PeerNotAllowed.With(refusal));
            return;
        }

        if (PagePaths.IsPageRequest(Request))
        {
            Response.Redirect(PagePaths.EntranceFor(Request, setUp: await setup.IsOpenAsync(Context.RequestAborted)));
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer realm=\"OpAgent\"";
        await ProblemResponse.WriteAsync(Context, KnownProblems.Unauthorized.With(ReadToken() is null
            ? "The request has no token: send 'Authorization: Bearer TOKEN'. 'opagent token create NAME' makes one on the host's machine. In a browser, sign in."
            : "The token is not known here; it may have been revoked or have expired. 'opagent token create NAME' makes a new one on the host's machine."));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemResponse.WriteAsync(Context, KnownProblems.Forbidden.With(Access.Explain(Context)));

    private string? ReadToken()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        // A browser cannot set headers on a WebSocket. Elsewhere a token in an address would end up in logs and histories.
        return Request.Path.StartsWithSegments("/hubs") && Request.Query["access_token"].ToString() is { Length: > 0 } query ? query : null;
    }

    private AuthenticateResult Success(ClaimsPrincipal caller) => AuthenticateResult.Success(new(caller, Scheme.Name));
}
