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
        var tokens = routes.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Caller.OwnerPolicy);
        tokens.MapPost("", CreateAsync).WithSummary("Makes a token. Its secret is shown once. Only over the host's socket.").Refuses(400, 403);
        tokens.MapGet("", ListAsync).WithSummary("The tokens, without their secrets. Only over the host's socket.").Refuses(403);
        tokens.MapDelete("/{id}", RevokeAsync).WithSummary("Revokes a token at once. Only over the host's socket.").Refuses(403, 404);
    }

    private static async Task<Created<NewTokenView>> CreateAsync(NewToken body, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        var made = await tokens.CreateAsync(body.Name, context.Person(), cancellationToken);
        return TypedResults.Created($"/api/v1/tokens/{made.Id}", made);
    }

    private static async Task<Ok<Page<TokenView>>> ListAsync([AsParameters] PageQuery page, ApiTokens tokens, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await tokens.ListAsync(cancellationToken), token => token.Id));

    private static async Task<NoContent> RevokeAsync(string id, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        await tokens.RevokeAsync(id, context.Person(), cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>A token to make.</summary>
/// <param name="Name">What it is for.</param>
public sealed record NewToken(string? Name);
