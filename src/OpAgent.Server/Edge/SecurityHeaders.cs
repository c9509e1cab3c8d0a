using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace OpAgent.Server.Edge;

/// <summary>What every answer tells a browser to refuse.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private const int NonceBytes = 16;
    private const string Features = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    public Task InvokeAsync(HttpContext context)
    {
        context.Items[typeof(SecurityHeaders)] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
        // At the last moment: a problem's answer begins with headers of its own.
        context.Response.OnStarting(() =>
        {
            Set(context);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = PolicyWith(context.CspNonce());
        headers.XContentTypeOptions = "nosniff";
        // Without any referrer a browser posts our own forms with 'Origin: null'.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Features;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    // Nothing inline at all: components may place themselves through the object model, which the policy leaves alone, but no markup brings styles along.
    private static string PolicyWith(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
}

/// <summary>The nonce of the page that a request asks for.</summary>
public static class ContentSecurityNonce
{
    /// <summary>What a script or style element of this answer carries as its <c>nonce</c>, or the browser ignores it.</summary>
    public static string CspNonce(this HttpContext context) => (string)context.Items[typeof(SecurityHeaders)]!;
}
