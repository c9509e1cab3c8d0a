using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Workspaces;

internal static class FileEndpoints
{
    private const string Bytes = "application/octet-stream";

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/workspaces/{id}/files").WithTags("Files").RequireAuthorization(Access.Read);
        files.MapGet("", ListAsync).WithSummary("The files and directories in a directory of the workspace, directories first.").Refuses(400, 403, 404, 422, 503);
        files.MapGet("/content", ReadAsync).WithSummary("A file's bytes, with its ETag.")
            .Produces<byte[]>(200, Bytes).Produces(304).Refuses(400, 403, 404, 422, 503);
        files.MapPut("/content", WriteAsync).RequireAuthorization(Access.Write).WithSummary("Writes a file in one step; If-Match and If-None-Match: * are conditions.")
            .Accepts<byte[]>(Bytes, "*/*").TakesBody(null).Refuses(400, 403, 404, 412, 413, 422, 503, 507);
        files.MapDelete("/content", DeleteAsync).RequireAuthorization(Access.Write).WithSummary("Deletes a file, or with recursive=true a directory with everything in it.").Refuses(400, 403, 404, 409, 412, 422, 503);
        files.MapPost("/directory", CreateDirectoryAsync).RequireAuthorization(Access.Write).WithSummary("Makes a directory.").Refuses(400, 403, 404, 409, 422, 503);
        files.MapPost("/move", MoveAsync).RequireAuthorization(Access.Write).WithSummary("Moves or renames a file or directory. Replaces nothing.").Refuses(400, 403, 404, 409, 422, 503);
    }

    private static async Task<Ok<Page<FileView>>> ListAsync(
        string id, string? path, [AsParameters] PageQuery page, WorkspaceFiles files, CancellationToken cancellationToken) =>
        TypedResults.Ok(await files.ListAsync(id, path, page, cancellationToken));

    private static Task ReadAsync(string id, string? path, WorkspaceFiles files, HttpContext context, CancellationToken cancellationToken) =>
        files.ReadAsync(id, path, file => FileResponse.Begin(context, file), context.Response.BodyWriter, cancellationToken);

    private static async Task<Ok<FileView>> WriteAsync(string id, string? path, WorkspaceFiles files, HttpContext context, CancellationToken cancellationToken)
    {
        var (ifMatch, ifNoneMatch) = FileConditions.Of(context.Request);
        var file = await files.WriteAsync(id, path, ifMatch, ifNoneMatch, context.Request.BodyReader, cancellationToken);
        context.Response.GetTypedHeaders().ETag = FileConditions.Tag(file);
        return TypedResults.Ok(file);
    }

    private static async Task<NoContent> DeleteAsync(
        string id, string? path, bool? recursive, WorkspaceFiles files, HttpContext context, CancellationToken cancellationToken)
    {
        await files.DeleteAsync(id, path, FileConditions.Of(context.Request).IfMatch, recursive ?? false, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<FileView>> CreateDirectoryAsync(string id, NewDirectory body, WorkspaceFiles files, CancellationToken cancellationToken)
    {
        var directory = await files.CreateDirectoryAsync(id, body, cancellationToken);
        return TypedResults.Created($"/api/v1/workspaces/{id}/files?path={Uri.EscapeDataString(directory.Path)}", directory);
    }

    private static async Task<Ok<FileView>> MoveAsync(string id, FileMove body, WorkspaceFiles files, CancellationToken cancellationToken) =>
        TypedResults.Ok(await files.MoveAsync(id, body, cancellationToken));
}
