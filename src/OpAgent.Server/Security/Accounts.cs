using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>The people who may sign in, as the owner manages them.</summary>
public sealed class Accounts
{
    private readonly AccountTable _table;
    private readonly AccountIdentity _identity;
    private readonly OneTimeCodes _codes;
    private readonly Sessions _sessions;
    private readonly ApiTokens _tokens;
    private readonly PageAddress _address;
    private readonly ILogger<Accounts> _logger;

    internal Accounts(
        AccountTable table, AccountIdentity identity, OneTimeCodes codes, Sessions sessions, ApiTokens tokens, PageAddress address, ILogger<Accounts> logger) =>
        (_table, _identity, _codes, _sessions, _tokens, _address, _logger) = (table, identity, codes, sessions, tokens, address, logger);

    /// <summary>Everybody, the owner first.</summary>
    public async Task<IReadOnlyList<AccountView>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _table.ListAsync(cancellationToken)).OrderBy(account => account.Created).Select(account => account.View())];

    /// <summary>Makes an account for a person, who chooses a password with the code.</summary>
    /// <param name="by">Who does it, for the log.</param>
    /// <exception cref="ProblemException">The name cannot be used, or the host has no owner yet.</exception>
    public async Task<AccountCode> AddAsync(string? name, string by, CancellationToken cancellationToken)
    {
        if (!await _table.AnyAsync(cancellationToken))
            throw KnownProblems.Forbidden.With("The host has no owner yet, who comes first: 'opagent setup-code' makes the code for that.");
        var account = await _identity.CreateAsync(AccountRules.Name(name), AccountRole.Member, password: null);
        _logger.AccountMade(account.UserName!, by);
        return await MakeCodeAsync(account, cancellationToken);
    }

    /// <summary>Takes a person's password away, ends all sessions, and makes a code with which the person chooses a new password.</summary>
    public async Task<AccountCode> ResetAsync(string name, string by, CancellationToken cancellationToken)
    {
        var account = await _identity.SetPasswordAsync(await GetAsync(name), password: null);
        await _sessions.EndAllAsync(account.Id, except: null, by, cancellationToken);
        _logger.PasswordReset(account.UserName!, by);
        return await MakeCodeAsync(account, cancellationToken);
    }

    /// <summary>Removes a person's account with its sessions and tokens. What the person wrote stays.</summary>
    /// <exception cref="ProblemException">There is no such person, or it is the owner.</exception>
    public async Task RemoveAsync(string name, string by, CancellationToken cancellationToken)
    {
        var account = await GetAsync(name);
        if (account.Role is AccountRole.Owner) throw KnownProblems.OwnerStays.With($"'{account.UserName}' is the owner: somebody has to be.");
        await _sessions.EndAllAsync(account.Id, except: null, by, cancellationToken);
        await _tokens.EndAllAsync(account.Id, by, cancellationToken);
        await _codes.EndAsync(SubjectOf(account), cancellationToken);
        await _identity.DeleteAsync(account);
        _logger.AccountRemoved(account.UserName!, by);
    }

    /// <summary>The account whose code this is, which is used up; or null.</summary>
    internal async Task<Account?> RedeemAsync(string name, string? code, CancellationToken cancellationToken)
    {
        var account = await _identity.FindAsync(name);
        // Asked also where there is nobody, so that it takes as long.
        return await _codes.RedeemAsync(account is null ? "nobody" : SubjectOf(account), code, cancellationToken) ? account : null;
    }

    private async Task<AccountCode> MakeCodeAsync(Account account, CancellationToken cancellationToken)
    {
        var (code, expires) = await _codes.MakeAsync(SubjectOf(account), cancellationToken);
        return new(account.UserName!, code, _address.Link(PagePaths.Reset, $"name={Uri.EscapeDataString(account.UserName!)}&code={code}"), expires);
    }

    private async Task<Account> GetAsync(string name) => await _identity.FindAsync(name)
        ?? throw KnownProblems.UserNotFound.With($"Nobody here is called '{name}': 'opagent user list' says who is.");

    private static string SubjectOf(Account account) => "account " + account.Id;
}

/// <summary>A code with which a person chooses a password once, and the link that carries it. Neither is shown again.</summary>
public sealed record AccountCode(string Name, string Code, string Link, DateTimeOffset Expires);
