using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

/// <summary>The cookies that the host gives out: unreadable to scripts, never sent on behalf of another site, and under TLS bound to this host alone.</summary>
internal sealed class SessionCookie(IOptions<EdgeOptions> edge)
{
    public const string Session = "opagent";
    public const string Device = "opagent-device";

    private const string HostOnly = "__Host-";

    private readonly Uri? _public = edge.Value.PublicUrl is { Length: > 0 } url ? new Uri(url) : null;

    public string? Read(HttpContext context, string name) => context.Request.Cookies[NameOf(context, name)];

    public void Write(HttpContext context, string name, string value, TimeSpan lifetime)
    {
        var options = Options(context);
        options.MaxAge = lifetime;
        context.Response.Cookies.Append(NameOf(context, name), value, options);
    }

    public void Delete(HttpContext context, string name) => context.Response.Cookies.Delete(NameOf(context, name), Options(context));

    private string NameOf(HttpContext context, string name) => IsSecure(context) ? HostOnly + name : name;

    private CookieOptions Options(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsSecure(context), Path = "/", IsEssential = true };

    // A proxy may have ended the TLS without saying so.
    private bool IsSecure(HttpContext context) =>
        context.Request.IsHttps
        || (_public is { Scheme: "https" } && string.Equals(_public.Host, context.Request.Host.Host, StringComparison.OrdinalIgnoreCase));
}
