using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Security;

/// <summary>The accounts in the hands of ASP.NET Core Identity: its store, its password hasher and its lockout. Each act has a scope of its own.</summary>
internal sealed class AccountIdentity(IServiceScopeFactory scopes, IPasswordHasher<Account> hasher, TimeProvider time)
{
    private const int MostConflicts = 10;

    // What a password is compared with where there is none, so that the answer takes as long.
    private readonly Lazy<string> _nobody = new(() => hasher.HashPassword(null!, Secret.Make("")));

    public Task<Account?> FindAsync(string name) => UseAsync(users => users.FindByNameAsync(name));

    /// <exception cref="ProblemException">The name is taken.</exception>
    public Task<Account> CreateAsync(string name, AccountRole role, string? password) => UseAsync(async users =>
    {
        var account = new Account { UserName = name, Role = role, Created = time.GetUtcNow() };
        var result = password is null ? await users.CreateAsync(account) : await users.CreateAsync(account, password);
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.DuplicateUserName)))
            throw KnownProblems.NameTaken.With($"Somebody is called '{name}' already.");
        return Require(result, account);
    });

    /// <summary>The account as it is now if the password is its own, else null. Takes as long where there is no account.</summary>
    /// <param name="trusted">The attempt comes from where the person has signed in before: a lock that others have caused does not count.</param>
    public Task<Account?> CheckAsync(Account? account, string? password, bool trusted) => UseAsync(async users =>
    {
        var attempt = password is null or { Length: > AccountRules.LongestPassword } ? "" : password;
        if (account?.PasswordHash is null)
        {
            hasher.VerifyHashedPassword(null!, _nobody.Value, attempt);
            return null;
        }

        // As it is now: others may have tried meanwhile.
        var current = await users.FindByIdAsync(account.Id) ?? account;
        var right = await users.CheckPasswordAsync(current, attempt);
        var locked = !trusted && await users.IsLockedOutAsync(current);
        if (right && !locked) await users.ResetAccessFailedCountAsync(current);
        if (!right && !locked && !trusted) await users.AccessFailedAsync(current);
        return right && !locked ? current : null;
    });

    /// <summary>Sets the password and opens an account that was locked. Null takes the password away.</summary>
    public async Task<Account> SetPasswordAsync(Account account, string? password)
    {
        var hash = password is null ? null : hasher.HashPassword(account, password);
        for (var attempt = 1; ; attempt++)
        {
            var (result, current) = await UseAsync(async users =>
            {
                var current = await users.FindByIdAsync(account.Id) ?? throw KnownProblems.UserNotFound.With($"'{account.UserName}' was removed meanwhile.");
                (current.PasswordHash, current.LockoutEnd, current.AccessFailedCount) = (hash, null, 0);
                return (await users.UpdateSecurityStampAsync(current), current);
            });
            // Somebody's attempt to sign in may have been noted in between.
            if (result.Succeeded || attempt == MostConflicts || result.Errors.All(error => error.Code != nameof(IdentityErrorDescriber.ConcurrencyFailure)))
                return Require(result, current);
        }
    }

    public Task DeleteAsync(Account account) => UseAsync(async users =>
        await users.FindByIdAsync(account.Id) is { } current ? Require(await users.DeleteAsync(current), current) : account);

    private async Task<T> UseAsync<T>(Func<UserManager<Account>, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<UserManager<Account>>());
    }

    private static Account Require(IdentityResult result, Account account) => result.Succeeded
        ? account
        : throw KnownProblems.InvalidRequest.With(string.Join(" ", result.Errors.Select(error => error.Description)));
}
