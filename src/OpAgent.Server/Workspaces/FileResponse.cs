using Microsoft.AspNetCore.Http;

namespace OpAgent.Server.Workspaces;

/// <summary>The head of an answer that holds a workspace's file. Whatever the file is, a browser must not run it as a page of this host.</summary>
internal static class FileResponse
{
    /// <summary>False where the caller has this content already or wants only the head.</summary>
    public static bool Begin(HttpContext context, FileView file)
    {
        var headers = context.Response.GetTypedHeaders();
        var tag = FileConditions.Tag(file);
        headers.ETag = tag;
        headers.LastModified = file.Modified;
        context.Response.Headers.CacheControl = "no-cache, private";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (tag is not null && context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return false;
        }

        context.Response.ContentType = "application/octet-stream";
        return true;
    }
}
