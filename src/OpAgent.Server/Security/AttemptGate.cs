using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Security;

/// <summary>
/// Slows down guessing. Attempts count for their source, loopback too, and for the name, whether there is such an account or not. Where somebody
/// has signed in before, a cookie says so: attempts from there count for that browser alone, so that nobody else can keep its person out.
/// </summary>
internal sealed class AttemptGate(AttemptLimits limits, ILogger<AttemptGate> logger)
{
    private static readonly AttemptLimit ForSource = new(10, TimeSpan.FromSeconds(30));
    private static readonly AttemptLimit ForName = new(20, TimeSpan.FromSeconds(15));
    private static readonly AttemptLimit ForCodes = new(10, TimeSpan.FromSeconds(30));

    /// <summary>An attempt to sign in.</summary>
    /// <param name="device">The browser, where it is one in which this person has signed in before.</param>
    public Attempt SignIn(HttpContext context, string name, string? device) => device is not null
        ? Begin(context, (device, ForSource))
        : Begin(context, ("source " + SourceOf(context), ForSource), ("name " + name.ToUpperInvariant(), ForName));

    /// <summary>An attempt at a one-time code.</summary>
    public Attempt Code(HttpContext context) => Begin(context, ("code " + SourceOf(context), ForCodes));

    /// <summary>An attempt at the current password of somebody who has signed in.</summary>
    public Attempt Password(HttpContext context) => Begin(context, ("session " + context.Caller().Pass, ForSource));

    private Attempt Begin(HttpContext context, params ReadOnlySpan<(string Key, AttemptLimit Limit)> counts)
    {
        TimeSpan? wait = null;
        foreach (var (key, limit) in counts)
        {
            if (limits.Take(key, limit) is { } longer && !(wait > longer)) wait = longer;
        }

        if (wait is null) return new(limits, counts.ToArray());
        var seconds = ((int)Math.Ceiling(wait.Value.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        logger.AttemptsLimited(SourceOf(context), seconds);
        // An answer that is a problem begins with headers of its own.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.RetryAfter = seconds;
            return Task.CompletedTask;
        });
        throw KnownProblems.TooManyAttempts.With($"There were too many attempts. Try again in {seconds} seconds.");
    }

    /// <summary>Whom an address belongs to: in IPv6 everybody has a whole /64.</summary>
    internal static string SourceOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "socket";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.GetAddressBytes() is { Length: 16 } bytes ? new IPAddress([.. bytes[..8], .. new byte[8]]) + "/64" : address.ToString();
    }
}

/// <summary>An attempt that was counted.</summary>
internal sealed class Attempt(AttemptLimits limits, (string Key, AttemptLimit Limit)[] counts)
{
    public void Succeeded()
    {
        foreach (var (key, limit) in counts) limits.GiveBack(key, limit);
    }
}
