using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace OpAgent.Server.Security;

/// <summary>The person that a request acts for.</summary>
internal static class Caller
{
    /// <summary>The authentication scheme, and the policy of what only the owner at the socket may do.</summary>
    public const string Scheme = "OpAgent";
    public const string OwnerPolicy = "owner";

    private const string DoorClaim = "door";
    private const string Socket = "socket";
    private const string Token = "token";

    /// <summary>The user that the host runs as. An <c>@</c> marks agents in conversation files, so that no person's name holds one.</summary>
    public static string Owner { get; } =
        Environment.UserName is { Length: > 0 } name ? name.Replace('@', '.') : "owner";

    public static ClaimsPrincipal AtSocket() => Make(Owner, Socket);

    public static ClaimsPrincipal WithToken(string person) => Make(person, Token);

    public static bool IsAtSocket(ClaimsPrincipal user) => user.HasClaim(DoorClaim, Socket);

    /// <summary>The name under which the request's person appears in conversations.</summary>
    public static string Person(this HttpContext context) => context.User.Identity!.Name!;

    private static ClaimsPrincipal Make(string person, string door) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, person), new(DoorClaim, door)], Scheme));
}
