using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Conversations;

internal static class PermissionEndpoints
{
    public static void MapPermissions(this IEndpointRouteBuilder routes)
    {
        var permissions = routes.MapGroup("/permissions").WithTags("Permissions").RequireAuthorization(Access.Read);
        permissions.MapGet("", ListAsync).WithSummary("The agents' permission requests, oldest first.").Refuses(400, 503);
        permissions.MapPost("/{id}", AnswerAsync).RequireAuthorization(Access.Converse).WithSummary("Answers a permission request. The first answer wins.").Refuses(400, 404, 409, 422, 503);
    }

    private static async Task<Ok<Page<PermissionView>>> ListAsync(
        string? state, [AsParameters] PageQuery page, PermissionDesk desk, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(
            await desk.ListAsync(state, cancellationToken),
            permission => $"{permission.Requested.ToUnixTimeMilliseconds():D19} {permission.Id}"));

    private static async Task<Ok<PermissionView>> AnswerAsync(
        string id, PermissionAnswer body, PermissionDesk desk, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await desk.AnswerAsync(id, body, context.Person(), cancellationToken));
}
