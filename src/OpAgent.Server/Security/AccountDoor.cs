using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Security;

/// <summary>
/// What people do with their own account: set up, sign in and out, choose a password. For requests whose answer has not begun, since the session
/// is a cookie; a page does it in a form that is posted, not in a circuit. What is refused is thrown as a <see cref="ProblemException"/>.
/// </summary>
public sealed class AccountDoor
{
    private static readonly TimeSpan RefusalStep = TimeSpan.FromMilliseconds(250);

    private readonly AccountIdentity _identity;
    private readonly Accounts _accounts;
    private readonly SetupCodes _setup;
    private readonly Sessions _sessions;
    private readonly AttemptGate _gate;
    private readonly KnownDevices _devices;
    private readonly OwnerSteps _steps;
    private readonly ILogger<AccountDoor> _logger;

    internal AccountDoor(
        AccountIdentity identity, Accounts accounts, SetupCodes setup, Sessions sessions, AttemptGate gate, KnownDevices devices, OwnerSteps steps,
        ILogger<AccountDoor> logger) =>
        (_identity, _accounts, _setup, _sessions, _gate, _devices, _steps, _logger) = (identity, accounts, setup, sessions, gate, devices, steps, logger);

    /// <summary>Makes the owner's account and signs the owner in.</summary>
    public async Task<AccountView> SetUpAsync(HttpContext context, string? code, string? name, string? password, CancellationToken cancellationToken)
    {
        await _setup.RequireOpenAsync(cancellationToken);
        var attempt = _gate.Code(context);
        // A name or password that cannot be used costs no code.
        var chosen = AccountRules.Name(name);
        AccountRules.Password(password, chosen);
        if (!await _setup.RedeemAsync(code, cancellationToken)) throw CodeRefused(context, "set-up", "'opagent setup-code' makes a new one on the host's machine.");
        var owner = await _identity.CreateAsync(chosen, AccountRole.Owner, password);
        _logger.OwnerMade(owner.UserName!);
        await _steps.RunAsync();
        return await EnterAsync(context, owner, attempt, cancellationToken);
    }

    /// <summary>Signs a person in. Whether the name or the password is wrong, nobody learns.</summary>
    public async Task<AccountView> SignInAsync(HttpContext context, string? name, string? password, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        var known = name?.Trim() is { Length: > 0 and <= 40 } trimmed ? trimmed : "";
        var account = await _identity.FindAsync(known);
        var device = _devices.Find(context, account);
        var attempt = _gate.SignIn(context, known, device);
        if (await _identity.CheckAsync(account, password, trusted: device is not null) is not { } person)
        {
            _logger.SignInRefused(AttemptGate.SourceOf(context));
            // To note a failure takes a little longer than to find nobody.
            await Task.Delay(RefusalStep - new TimeSpan(TimeProvider.System.GetElapsedTime(start).Ticks % RefusalStep.Ticks), cancellationToken);
            throw KnownProblems.SignInRefused.With(
                "The name or the password is not right, or there were too many attempts for this name: then it opens again within 15 minutes. 'opagent user reset NAME' on the host's machine lets the person choose a new password.");
        }

        return await EnterAsync(context, person, attempt, cancellationToken);
    }

    /// <summary>Chooses a password with a code that <see cref="Accounts"/> made, and signs the person in. All earlier sessions end.</summary>
    public async Task<AccountView> ResetAsync(HttpContext context, string? name, string? code, string? password, CancellationToken cancellationToken)
    {
        var attempt = _gate.Code(context);
        var chosen = AccountRules.Name(name);
        AccountRules.Password(password, chosen);
        var account = await _accounts.RedeemAsync(chosen, code, cancellationToken)
            ?? throw CodeRefused(context, "reset", "'opagent user reset NAME' makes a new one on the host's machine.");
        account = await _identity.SetPasswordAsync(account, password);
        await _sessions.EndAllAsync(account.Id, except: null, account.UserName!, cancellationToken);
        _logger.PasswordChanged(account.UserName!);
        return await EnterAsync(context, account, attempt, cancellationToken);
    }

    /// <summary>Changes the password of the person who has signed in. All other sessions of the account end.</summary>
    public async Task ChangePasswordAsync(HttpContext context, string? current, string? password, CancellationToken cancellationToken)
    {
        var attempt = _gate.Password(context);
        var account = await _identity.FindAsync(context.Person());
        AccountRules.Password(password, context.Person());
        if (await _identity.CheckAsync(account, current, trusted: true) is not { } person)
        {
            _logger.SignInRefused(AttemptGate.SourceOf(context));
            throw KnownProblems.SignInRefused.With("The current password is not right. Nothing was changed.");
        }

        attempt.Succeeded();
        await _identity.SetPasswordAsync(person, password);
        await _sessions.RevokeOthersAsync(context.User, cancellationToken);
        _logger.PasswordChanged(person.UserName!);
    }

    /// <summary>Ends the session of the request's browser. Harmless where there is none.</summary>
    public Task SignOutAsync(HttpContext context, CancellationToken cancellationToken) => _sessions.EndOwnAsync(context, cancellationToken);

    private async Task<AccountView> EnterAsync(HttpContext context, Account account, Attempt attempt, CancellationToken cancellationToken)
    {
        attempt.Succeeded();
        await _sessions.BeginAsync(context, account, cancellationToken);
        _devices.Remember(context, account);
        return account.View();
    }

    private ProblemException CodeRefused(HttpContext context, string what, string next)
    {
        _logger.CodeRefused(what, AttemptGate.SourceOf(context));
        return KnownProblems.CodeRefused.With(
            $"The code is wrong, was used, is older than {OneTimeCodes.Lifetime.TotalMinutes:0} minutes or was tried {OneTimeCodes.Attempts} times. {next}");
    }
}
