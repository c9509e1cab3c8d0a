using System.Security.Claims;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>Makes, checks and revokes API tokens.</summary>
public sealed class ApiTokens
{
    private const string Prefix = "opa_";
    private const int LongestName = 100;
    private const int LongestLife = 10 * 366;

    private readonly TokenTable _table;
    private readonly SessionWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiTokens> _logger;

    internal ApiTokens(TokenTable table, SessionWatch watch, TimeProvider time, ILogger<ApiTokens> logger) =>
        (_table, _watch, _time, _logger) = (table, watch, time, logger);

    /// <summary>Makes a token that acts for the caller.</summary>
    /// <exception cref="ProblemException">The name or a scope is none, or the caller may not do itself what the token shall.</exception>
    public async Task<NewTokenView> CreateAsync(ClaimsPrincipal user, NewToken wanted, CancellationToken cancellationToken)
    {
        var caller = new Caller(user);
        if (string.IsNullOrWhiteSpace(wanted.Name) || wanted.Name.Length > LongestName)
            throw KnownProblems.InvalidRequest.With($"A token needs a name of at most {LongestName} characters that says what it is for.");
        if (wanted.ExpiresInDays is < 1 or > LongestLife)
            throw KnownProblems.InvalidRequest.With($"expiresInDays={wanted.ExpiresInDays}: a token lives 1 to {LongestLife} days, or for ever without one.");
        var scopes = wanted.Scopes is { Count: > 0 } names ? ScopeSets.Parse(names) : ScopeSets.Usual;
        if (!caller.May(scopes)) throw KnownProblems.Forbidden.With($"A token cannot do more than who makes it; this caller has {string.Join(", ", caller.Scopes.Names())}.");

        var (now, secret) = (_time.GetUtcNow(), Secret.Make(Prefix));
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(now).ToString(), Name = wanted.Name.Trim(), Hash = Secret.Hash(secret), Person = caller.Person, AccountId = caller.AccountId,
            Scopes = scopes, Created = now, Expires = wanted.ExpiresInDays is { } days ? now.AddDays(days) : null,
        };
        await _table.AddAsync(token, cancellationToken);
        _logger.TokenMade(token.Name, token.Id, string.Join(' ', scopes.Names()), caller.Person);
        return new(token.Id, token.Name, secret, scopes.Names(), token.Created, token.Expires);
    }

    /// <summary>The caller's tokens; everybody's for who may administer.</summary>
    public async Task<IReadOnlyList<TokenView>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        [.. (await _table.ListAsync(Within(user), cancellationToken)).Select(token => token.View())];

    /// <summary>Revokes a token at once, open streams included.</summary>
    /// <exception cref="ProblemException">There is no such token, or it is not the caller's.</exception>
    public async Task RevokeAsync(ClaimsPrincipal user, string id, CancellationToken cancellationToken)
    {
        if (!await _table.RemoveAsync(id, Within(user), cancellationToken))
            throw KnownProblems.TokenNotFound.With($"No token has the id '{id}': GET /api/v1/tokens lists them.");
        End(id, new Caller(user).Person);
    }

    /// <summary>Whom the token acts for, or null where it opens nothing.</summary>
    internal async Task<ClaimsPrincipal?> FindAsync(string secret, CancellationToken cancellationToken) =>
        secret.StartsWith(Prefix, StringComparison.Ordinal) && await _table.FindAsync(Secret.Hash(secret), cancellationToken) is { } token ? Caller.With(token) : null;

    internal async Task EndAllAsync(string accountId, string by, CancellationToken cancellationToken)
    {
        foreach (var token in await _table.ListAsync(accountId, cancellationToken))
        {
            await _table.RemoveAsync(token.Id, accountId, cancellationToken);
            End(token.Id, by);
        }
    }

    private void End(string id, string by)
    {
        _watch.End(id);
        _logger.TokenRevoked(id, by);
    }

    // Null: no limit. A person who may not administer has an account.
    private static string? Within(ClaimsPrincipal user) => new Caller(user) is var caller && caller.May(Scope.Admin) ? null : caller.AccountId ?? "";
}

/// <summary>A token to make.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">read, converse, write, admin; all but admin by default. Read is always among them.</param>
/// <param name="ExpiresInDays">When it ends; null for never.</param>
public sealed record NewToken(string? Name, IReadOnlyList<string>? Scopes = null, int? ExpiresInDays = null);

/// <summary>A token without its secret.</summary>
public sealed record TokenView(string Id, string Name, string Person, IReadOnlyList<string> Scopes, DateTimeOffset Created, DateTimeOffset? Expires);

/// <summary>A new token. Its secret is shown this once.</summary>
public sealed record NewTokenView(string Id, string Name, string Token, IReadOnlyList<string> Scopes, DateTimeOffset Created, DateTimeOffset? Expires);
