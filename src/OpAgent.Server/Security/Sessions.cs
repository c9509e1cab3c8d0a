using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>The browsers in which people have signed in.</summary>
public sealed class Sessions
{
    /// <summary>A session ends this long after it began, or <see cref="LongestSilence"/> after it was last seen.</summary>
    internal static readonly TimeSpan LongestLife = TimeSpan.FromDays(90);
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromDays(30);

    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(1);
    private const string Prefix = "ops_";
    private const int LongestUserAgent = 300;

    private readonly SessionTable _table;
    private readonly SessionCookie _cookie;
    private readonly SessionWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger<Sessions> _logger;

    internal Sessions(SessionTable table, SessionCookie cookie, SessionWatch watch, TimeProvider time, ILogger<Sessions> logger) =>
        (_table, _cookie, _watch, _time, _logger) = (table, cookie, watch, time, logger);

    /// <summary>The sessions of the caller's account, the newest first.</summary>
    public async Task<IReadOnlyList<SessionView>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var caller = new Caller(user);
        var sessions = await _table.ListAsync(AccountOf(caller), cancellationToken);
        return [.. sessions.Where(IsAlive).OrderByDescending(session => session.Created).Select(session => new SessionView(
            session.Id, DeviceName.Of(session.UserAgent), session.UserAgent, session.Address, session.Created, session.LastSeen, session.Id == caller.Pass))];
    }

    /// <summary>Ends one session of the caller's account at once, open streams and pages included.</summary>
    /// <exception cref="ProblemException">There is no such session.</exception>
    public async Task RevokeAsync(ClaimsPrincipal user, string id, CancellationToken cancellationToken)
    {
        var caller = new Caller(user);
        if ((await _table.ListAsync(AccountOf(caller), cancellationToken)).All(session => session.Id != id))
            throw KnownProblems.SessionNotFound.With($"No session of this account has the id '{id}': GET /api/v1/account/sessions lists them.");
        await EndAsync(id, caller.Person, cancellationToken);
    }

    /// <summary>Ends all sessions of the caller's account but the one it calls from. Returns how many there were.</summary>
    public Task<int> RevokeOthersAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var caller = new Caller(user);
        return EndAllAsync(AccountOf(caller), except: caller.Pass, caller.Person, cancellationToken);
    }

    /// <summary>The person whose cookie the request carries, or null.</summary>
    internal async Task<ClaimsPrincipal?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (_cookie.Read(context, SessionCookie.Session) is not { } secret || !secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        if (await _table.FindAsync(Secret.Hash(secret), cancellationToken) is not var (session, name, role) || !IsAlive(session)) return null;
        if (!string.Equals(session.Host, context.Request.Host.Host, StringComparison.OrdinalIgnoreCase)) return null;
        var now = _time.GetUtcNow();
        if (now - session.LastSeen > SeenPrecision) await _table.TouchAsync([session.Id], now, cancellationToken);
        return Caller.With(session, name, role);
    }

    /// <summary>Begins a session in the request's browser, in place of the one that it had.</summary>
    /// <param name="account">The person, as when the password was checked.</param>
    internal async Task BeginAsync(HttpContext context, Account account, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await _table.RemoveOldAsync(now - LongestLife, now - LongestSilence, cancellationToken);
        await EndCurrentAsync(context, cancellationToken);
        var secret = Secret.Make(Prefix);
        var session = new Session
        {
            Id = Guid.CreateVersion7(now).ToString(), AccountId = account.Id, Hash = Secret.Hash(secret), Host = context.Request.Host.Host,
            UserAgent = Cut(context.Request.Headers.UserAgent.ToString()), Address = context.Connection.RemoteIpAddress?.ToString() ?? "",
            Created = now, LastSeen = now,
        };
        await _table.AddAsync(session, cancellationToken);
        // Whoever changes or takes away a password ends the sessions after that. One that began just then would be left over.
        if (!await _table.HoldsAsync(account, cancellationToken))
        {
            await EndAsync(session.Id, account.UserName!, cancellationToken);
            throw KnownProblems.SignInRefused.With("The password was changed meanwhile: sign in with the new one.");
        }

        _cookie.Write(context, SessionCookie.Session, secret, LongestLife);
        // What the request still does, it does as this person: an antiforgery token that it hands out, for one.
        context.User = Caller.With(session, account.UserName!, account.Role);
        _logger.SignedIn(account.UserName!, session.Id, session.Address);
    }

    /// <summary>Ends the session of the request's browser.</summary>
    internal async Task EndOwnAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await EndCurrentAsync(context, cancellationToken);
        _cookie.Delete(context, SessionCookie.Session);
    }

    internal async Task<int> EndAllAsync(string accountId, string? except, string by, CancellationToken cancellationToken)
    {
        var others = (await _table.ListAsync(accountId, cancellationToken)).Where(session => session.Id != except).ToList();
        foreach (var session in others) await EndAsync(session.Id, by, cancellationToken);
        return others.Count;
    }

    private async Task EndCurrentAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The answer to this request shall still arrive.
        context.Features.Get<SessionLease>()?.Dispose();
        if (context.Caller() is { Door: Door.Session, Pass: { } own } caller) await EndAsync(own, caller.Person, cancellationToken);
    }

    private async Task EndAsync(string id, string by, CancellationToken cancellationToken)
    {
        await _table.RemoveAsync(id, cancellationToken);
        _watch.End(id);
        _logger.SessionEnded(id, by);
    }

    private bool IsAlive(Session session)
    {
        var now = _time.GetUtcNow();
        return now - session.Created < LongestLife && now - session.LastSeen < LongestSilence;
    }

    private static string AccountOf(Caller caller) =>
        caller.AccountId ?? throw KnownProblems.Forbidden.With("Sessions belong to a person who has signed in.");

    private static string Cut(string text) => text.Length <= LongestUserAgent ? text : text[..LongestUserAgent];
}

/// <summary>A browser in which the person has signed in.</summary>
/// <param name="Device">Browser and system in words.</param>
/// <param name="Current">Whether the question came from it.</param>
public sealed record SessionView(
    string Id, string Device, string UserAgent, string Address, DateTimeOffset Created, DateTimeOffset LastSeen, bool Current);
