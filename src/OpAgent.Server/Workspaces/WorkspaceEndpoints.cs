using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Workspaces;

internal static class WorkspaceEndpoints
{
    public static void MapWorkspaceEndpoints(this IEndpointRouteBuilder routes)
    {
        var workspaces = routes.MapGroup("/workspaces").WithTags("Workspaces").RequireAuthorization(Access.Read);
        workspaces.MapPost("", OpenAsync).RequireAuthorization(Access.Write).WithSummary("Opens a directory. Opening it again answers with the same workspace.").Refuses(400, 403, 404, 422, 503);
        workspaces.MapGet("", ListAsync).WithSummary("The opened workspaces.").Refuses(400, 503);
        workspaces.MapGet("/{id}", GetAsync).WithSummary("One workspace.").Refuses(404, 503);
        workspaces.MapDelete("/{id}", ForgetAsync).RequireAuthorization(Access.Write).WithSummary("Forgets the workspace and its trust. Deletes no file.").Refuses(404, 503);
        workspaces.MapPost("/{id}/trust", TrustAsync).RequireAuthorization(Access.Write).WithSummary("Lets the workspace's agents run.").Refuses(400, 403, 404, 422, 503);
        workspaces.MapGet("/{id}/binding", GetBindingAsync)
            .WithSummary("Which agent, model and mode hold for a directory of the workspace, and which file and line say so.").Refuses(403, 404, 422, 503);
        workspaces.MapPut("/{id}/binding", SetBindingAsync).RequireAuthorization(Access.Write)
            .WithSummary("Writes agent, model or mode into the directory's own workspace.yaml; comments and other keys stay.").Refuses(400, 403, 404, 422, 503);
    }

    private static async Task<Created<WorkspaceView>> OpenAsync(OpenWorkspace body, HttpContext context, WorkspaceAccess access, CancellationToken cancellationToken)
    {
        RequireAdminFor(body.FullRights, context);
        var workspace = await access.OpenAsync(body, cancellationToken);
        return TypedResults.Created($"/api/v1/workspaces/{workspace.Id}", workspace);
    }

    private static async Task<Ok<Page<WorkspaceView>>> ListAsync([AsParameters] PageQuery page, WorkspaceAccess access, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await access.ListAsync(cancellationToken), workspace => workspace.Id));

    private static async Task<Ok<WorkspaceView>> GetAsync(string id, WorkspaceAccess access, CancellationToken cancellationToken) =>
        TypedResults.Ok(await access.GetAsync(id, cancellationToken));

    private static async Task<NoContent> ForgetAsync(string id, WorkspaceAccess access, CancellationToken cancellationToken)
    {
        await access.ForgetAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<WorkspaceView>> TrustAsync(string id, TrustWorkspace? body, HttpContext context, WorkspaceAccess access, CancellationToken cancellationToken)
    {
        RequireAdminFor(body?.FullRights, context);
        return TypedResults.Ok(await access.TrustAsync(id, body?.FullRights ?? false, cancellationToken));
    }

    /// <summary>Who may write may not hand out the rights of the user who runs OpAgent.</summary>
    private static void RequireAdminFor(bool? fullRights, HttpContext context)
    {
        if (fullRights == true && !context.Caller().May(Scope.Admin)) throw KnownProblems.Forbidden.With("Full rights are granted by an administrator: this caller lacks the scope 'admin'.");
    }

    private static async Task<Ok<BindingView>> GetBindingAsync(string id, string? path, WorkspaceAccess access, CancellationToken cancellationToken) =>
        TypedResults.Ok(await access.GetBindingAsync(id, path, cancellationToken));

    private static async Task<Ok<BindingView>> SetBindingAsync(
        string id, string? path, NewBinding body, WorkspaceAccess access, CancellationToken cancellationToken) =>
        TypedResults.Ok(await access.SetBindingAsync(id, path, body, cancellationToken));
}
