using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OpAgent.Server.Security;

/// <summary>
/// The policies that endpoints name to say who may call them. An endpoint that names none is closed to everybody.
/// </summary>
public static class Access
{
    /// <summary>Callers with <see cref="Scope.Read"/>.</summary>
    public const string Read = "read";

    /// <summary>Callers with <see cref="Scope.Converse"/>.</summary>
    public const string Converse = "converse";

    /// <summary>Callers with <see cref="Scope.Write"/>.</summary>
    public const string Write = "write";

    /// <summary>Callers with <see cref="Scope.Admin"/>.</summary>
    public const string Admin = "admin";

    /// <summary>Persons who have signed in, and no token: pages, and what a person does with the own account.</summary>
    public const string Session = "session";

    /// <summary>Persons at the page or the socket, and tokens with <see cref="Scope.Admin"/>.</summary>
    public const string Tokens = "tokens";

    /// <summary>The host's owner at the socket.</summary>
    public const string Socket = "socket";

    internal static void AddAccess(this IServiceCollection services) => services.AddAuthorizationBuilder()
        .SetDefaultPolicy(For(user => user.Door is Door.Session))
        .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(IsNowhere).Build())
        .AddPolicy(Read, For(user => user.May(Scope.Read)))
        .AddPolicy(Converse, For(user => user.May(Scope.Converse)))
        .AddPolicy(Write, For(user => user.May(Scope.Write)))
        .AddPolicy(Admin, For(user => user.May(Scope.Admin)))
        .AddPolicy(Session, For(user => user.Door is Door.Session))
        .AddPolicy(Tokens, For(user => user.Door is Door.Session or Door.Socket || user.May(Scope.Admin)))
        .AddPolicy(Socket, For(user => user.Door is Door.Socket));

    /// <summary>What stands in the way of a caller whom an endpoint refused.</summary>
    internal static string Explain(HttpContext context)
    {
        var request = $"{context.Request.Method} {context.Request.Path}";
        var policies = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).ToList() ?? [];
        if (policies.Contains(Socket)) return $"{request} is for the host's owner: use the opagent command on the host's machine.";
        if (policies.Contains(Session)) return $"{request} is for a person who has signed in, not for a token.";
        var scope = policies.LastOrDefault(policy => policy is Converse or Write or Admin) ?? (policies.Contains(Tokens) ? Admin : Read);
        return $"{request} needs the scope '{scope}'; this caller has {(new Caller(context.User).Scopes.Names() is { Count: > 0 } names ? string.Join(", ", names) : "none")}.";
    }

    private static AuthorizationPolicy For(Func<Caller, bool> allows) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(context => allows(new(context.User))).Build();

    // A caller who is known hears that nothing is there, or not with this method. A route that names no policy was forgotten.
    private static bool IsNowhere(AuthorizationHandlerContext context) => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
