using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Workspaces;

/// <summary>Entity tags and the conditions of a request on them (RFC 9110, section 13).</summary>
internal static class FileConditions
{
    public static EntityTagHeaderValue? Tag(FileView file) => file.ETag is { } tag ? new($"\"{tag}\"") : null;

    /// <summary>The condition for a write: a tag, <c>*</c> or nothing; and whether the file must not be there yet.</summary>
    public static (string IfMatch, bool IfNoneMatch) Of(HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var match = headers.IfMatch switch
        {
            [] => request.Headers.IfMatch.Count == 0 ? "" : throw KnownProblems.InvalidRequest.With("If-Match holds no entity tag: send the ETag as it was received, with its quotes."),
            [var only] => only.Tag.Value!.Trim('"'),
            _ => throw KnownProblems.InvalidRequest.With("If-Match takes one entity tag here."),
        };
        var none = headers.IfNoneMatch switch
        {
            [] => false,
            [var any] when any.Equals(EntityTagHeaderValue.Any) => true,
            _ => throw KnownProblems.InvalidRequest.With("If-None-Match takes only * here: the file must not be there."),
        };
        return (match, none);
    }
}
