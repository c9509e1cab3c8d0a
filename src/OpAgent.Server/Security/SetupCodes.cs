using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>The codes with which the host gets its owner, once.</summary>
public sealed class SetupCodes
{
    private const string Subject = "setup";

    private readonly AccountTable _accounts;
    private readonly OneTimeCodes _codes;
    private readonly PageAddress _address;
    private readonly ILogger<SetupCodes> _logger;
    private volatile bool _closed;

    internal SetupCodes(AccountTable accounts, OneTimeCodes codes, PageAddress address, ILogger<SetupCodes> logger) =>
        (_accounts, _codes, _address, _logger) = (accounts, codes, address, logger);

    /// <summary>Whether the host still waits for its owner.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        // Once there is an owner there always is one.
        if (!_closed) _closed = await _accounts.AnyAsync(cancellationToken);
        return !_closed;
    }

    /// <summary>Makes a code and the link that carries it. An earlier code ends.</summary>
    /// <exception cref="ProblemException">The host has an owner.</exception>
    public async Task<OneTimeLink> MakeAsync(CancellationToken cancellationToken)
    {
        await RequireOpenAsync(cancellationToken);
        var (code, expires) = await _codes.MakeAsync(Subject, cancellationToken);
        _logger.SetupCodeMade();
        return new(code, _address.Link(PagePaths.Setup, $"code={code}"), expires);
    }

    internal async Task RequireOpenAsync(CancellationToken cancellationToken)
    {
        if (!await IsOpenAsync(cancellationToken))
            throw KnownProblems.SetupClosed.With("The host has an owner: sign in. A forgotten password is replaced with 'opagent user reset NAME' on the host's machine.");
    }

    internal Task<bool> RedeemAsync(string? code, CancellationToken cancellationToken) => _codes.RedeemAsync(Subject, code, cancellationToken);
}

/// <summary>A code that lets somebody choose a password once, and the link that carries it. Neither is shown again.</summary>
public sealed record OneTimeLink(string Code, string Link, DateTimeOffset Expires);
