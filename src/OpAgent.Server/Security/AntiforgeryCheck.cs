using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Security;

/// <summary>
/// Refuses what a foreign page could make a browser send: whatever changes something with a cookie as its credential carries the antiforgery
/// token. So do the forms with which a session begins, or somebody could be signed in as another. A token or the socket needs none: no browser
/// sends them by itself.
/// </summary>
internal sealed class AntiforgeryCheck(RequestDelegate next, IAntiforgery antiforgery)
{
    public const string Header = "X-OpAgent-Antiforgery";

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsConcerned(context) && !await antiforgery.IsRequestValidAsync(context))
        {
            throw KnownProblems.AntiforgeryMissing.With(
                $"{context.Request.Method} {context.Request.Path} with a cookie needs the header {Header}, or the form field of the same value: GET /api/v1/account/antiforgery gives it out. After signing in or out it is another one; load the page again.");
        }

        await next(context);
    }

    private static bool IsConcerned(HttpContext context)
    {
        var (request, door) = (context.Request, context.Caller().Door);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method)) return false;
        // Blazor's script sends no header of ours when it connects and leaves. A browser names the origin, which was checked.
        if (request.Path.StartsWithSegments("/_blazor") && request.Headers.Origin.Count > 0) return false;
        return door is Door.Session
            || (door is Door.None && context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true });
    }
}
