using Microsoft.AspNetCore.Http;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

/// <summary>The pages that are open to people who have not signed in, and the ways to and from them.</summary>
public static class PagePaths
{
    public const string SignIn = "/sign-in";

    /// <summary>Takes the set-up code from its fragment: <c>/setup#code=…</c>.</summary>
    public const string Setup = "/setup";

    /// <summary>Takes name and code from its fragment: <c>/reset#name=…&amp;code=…</c>.</summary>
    public const string Reset = "/reset";

    /// <summary>Says that an address leads nowhere, with a way back.</summary>
    public const string NotFound = "/not-found";

    private const string ReturnParameter = "return";

    private static readonly PathString[] NoPages = ["/api", "/hubs", "/openapi", "/healthz", "/_blazor", "/assets", "/_framework", SignIn, Setup, Reset];

    /// <summary>Where a person goes after signing in: what the <c>return</c> parameter says if that is a place on this host, else the start.</summary>
    public static string ReturnFrom(HttpRequest request) => OnThisHost(request.Query[ReturnParameter].ToString());

    /// <summary>The place if it is one on this host, else the start.</summary>
    public static string OnThisHost(string? place) =>
        place is ['/', ..] && !(place is [_, '/' or '\\', ..]) && !place.AsSpan().ContainsAnyInRange('\0', ' ') ? place : "/";

    /// <summary>Whether a browser asks for a page that it will show.</summary>
    internal static bool IsPageRequest(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !NoPages.Any(path => request.Path.StartsWithSegments(path));

    /// <summary>Where a person who has not signed in goes first.</summary>
    internal static string EntranceFor(HttpRequest request, bool setUp)
    {
        // A browser sends a cookie of one port on 127.0.0.1 to all ports there, an agent's among them. The page has a name of its own.
        var root = request.Host.Host is "127.0.0.1" or "localhost" or "[::1]"
            ? $"{request.Scheme}://{PageAddress.LocalName}{(request.Host.Port is { } port ? $":{port}" : "")}"
            : "";
        return root + (setUp ? Setup : $"{SignIn}?{ReturnParameter}={Uri.EscapeDataString(request.Path + request.QueryString)}");
    }
}
