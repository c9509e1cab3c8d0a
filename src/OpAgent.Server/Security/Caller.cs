using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace OpAgent.Server.Security;

/// <summary>Which way a caller came in.</summary>
public enum Door
{
    None,

    /// <summary>The host's socket, where being the owner is the credential.</summary>
    Socket,

    /// <summary>An API token.</summary>
    Token,

    /// <summary>A browser in which a person has signed in.</summary>
    Session,
}

/// <summary>The person that a request, a hub connection or a circuit acts for, as its <see cref="ClaimsPrincipal"/> says it.</summary>
public readonly record struct Caller(ClaimsPrincipal User)
{
    internal const string Scheme = "OpAgent";

    private const string DoorClaim = "door";
    private const string ScopesClaim = "scopes";
    private const string PassClaim = "pass";

    /// <summary>The user that the host runs as. An <c>@</c> marks agents in conversation files, so that no person's name holds one.</summary>
    public static string HostUser { get; } =
        Environment.UserName is { Length: > 0 } name ? name.Replace('@', '.') : "owner";

    public Door Door => Enum.TryParse<Door>(User.FindFirstValue(DoorClaim), out var door) ? door : Door.None;

    public Scope Scopes => Enum.TryParse<Scope>(User.FindFirstValue(ScopesClaim), out var scopes) ? scopes : Scope.None;

    /// <summary>The name under which the person appears in conversations.</summary>
    public string Person => User.Identity?.Name ?? "";

    /// <summary>The account; null at the socket and for tokens that were made there.</summary>
    public string? AccountId => User.FindFirstValue(ClaimTypes.NameIdentifier);

    /// <summary>The id of the session or token that the caller came in with; null at the socket.</summary>
    public string? Pass => User.FindFirstValue(PassClaim);

    public bool May(Scope scope) => Scopes.HasFlag(scope);

    internal static ClaimsPrincipal AtSocket() => Make(HostUser, Door.Socket, ScopeSets.All, null, null);

    internal static ClaimsPrincipal With(ApiToken token) => Make(token.Person, Door.Token, token.Scopes, token.Id, token.AccountId);

    internal static ClaimsPrincipal With(Session session, string name, AccountRole role) =>
        Make(name, Door.Session, ScopeSets.Of(role), session.Id, session.AccountId);

    private static ClaimsPrincipal Make(string person, Door door, Scope scopes, string? pass, string? account)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, person), new(DoorClaim, door.ToString()), new(ScopesClaim, ((int)scopes).ToString())], Scheme);
        if (pass is not null) identity.AddClaim(new(PassClaim, pass));
        if (account is not null) identity.AddClaim(new(ClaimTypes.NameIdentifier, account));
        return new(identity);
    }
}

internal static class CallerOfRequest
{
    public static Caller Caller(this HttpContext context) => new(context.User);

    /// <summary>The name under which the request's person appears in conversations.</summary>
    public static string Person(this HttpContext context) => context.Caller().Person;
}
