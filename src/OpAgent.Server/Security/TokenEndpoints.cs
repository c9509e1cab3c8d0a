using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Access.Tokens);
        tokens.MapPost("", CreateAsync).WithSummary("Makes a token. Its secret is shown once.").Refuses(400, 403);
        tokens.MapGet("", ListAsync).WithSummary("The tokens, without their secrets: the caller's own, or all for who may administer.").Refuses(400, 403);
        tokens.MapDelete("/{id}", RevokeAsync).WithSummary("Revokes a token at once: what it has open is cut off.").Refuses(403, 404);
    }

    private static async Task<Created<NewTokenView>> CreateAsync(NewToken body, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        var made = await tokens.CreateAsync(context.User, body, cancellationToken);
        return TypedResults.Created($"/api/v1/tokens/{made.Id}", made);
    }

    private static async Task<Ok<Page<TokenView>>> ListAsync(
        [AsParameters] PageQuery page, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await tokens.ListAsync(context.User, cancellationToken), token => token.Id));

    private static async Task<NoContent> RevokeAsync(string id, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        // Where it is the token that the request came with, the answer shall still arrive.
        if (context.Caller().Pass == id) context.Features.Get<SessionLease>()?.Dispose();
        await tokens.RevokeAsync(context.User, id, cancellationToken);
        return TypedResults.NoContent();
    }
}
