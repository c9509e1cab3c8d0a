using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Edge;

/// <summary>
/// Refuses a body that says itself that it is too large, after taking it: a client that is still sending when the connection closes sees a broken
/// pipe and never the answer.
/// </summary>
internal sealed class BodyLimits(RequestDelegate next)
{
    public const long Ordinary = 1024 * 1024;

    // Beyond this the server cuts the connection.
    private const long MostTaken = 128 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var named = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>();
        var limit = named is null ? Ordinary : named.MaxRequestBodySize;
        if (context.Request.ContentLength is not { } length || length <= limit || limit is null)
        {
            await next(context);
            return;
        }

        if (length <= MostTaken)
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostTaken;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }

        throw KnownProblems.RequestTooLarge.With($"The body has {length:N0} bytes; {context.Request.Method} {context.Request.Path} takes {limit:N0}.");
    }
}
