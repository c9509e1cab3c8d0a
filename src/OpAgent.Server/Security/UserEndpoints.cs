using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/setup-code", MakeSetupCodeAsync).WithTags("Users").RequireAuthorization(Access.Socket)
            .WithSummary("Makes a new set-up code. Only over the host's socket, and only until there is an owner.").Refuses(403, 409);

        var users = routes.MapGroup("/users").WithTags("Users").RequireAuthorization(Access.Admin);
        users.MapGet("", ListAsync).WithSummary("The people who may sign in.").Refuses(400, 403);
        users.MapPost("", AddAsync).WithSummary("Makes an account, and a one-time code with which its person chooses a password.").Refuses(400, 403, 409, 422);
        users.MapPost("/{name}/reset", ResetAsync).WithSummary("Takes the password away, ends all sessions, and makes a one-time code for a new password.").Refuses(403, 404);
        users.MapDelete("/{name}", RemoveAsync).WithSummary("Removes an account with its sessions and tokens.").Refuses(403, 404, 409);
    }

    private static async Task<Ok<OneTimeLink>> MakeSetupCodeAsync(SetupCodes codes, CancellationToken cancellationToken) =>
        TypedResults.Ok(await codes.MakeAsync(cancellationToken));

    private static async Task<Ok<Page<AccountView>>> ListAsync([AsParameters] PageQuery page, Accounts accounts, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await accounts.ListAsync(cancellationToken), account => account.Name));

    private static async Task<Created<AccountCode>> AddAsync(NewUser body, Accounts accounts, HttpContext context, CancellationToken cancellationToken)
    {
        var made = await accounts.AddAsync(body.Name, context.Person(), cancellationToken);
        return TypedResults.Created("/api/v1/users", made);
    }

    private static async Task<Ok<AccountCode>> ResetAsync(string name, Accounts accounts, HttpContext context, CancellationToken cancellationToken)
    {
        // Who resets the own password is signed out with it, and shall still read the code.
        context.Features.Get<SessionLease>()?.Dispose();
        return TypedResults.Ok(await accounts.ResetAsync(name, context.Person(), cancellationToken));
    }

    private static async Task<NoContent> RemoveAsync(string name, Accounts accounts, HttpContext context, CancellationToken cancellationToken)
    {
        await accounts.RemoveAsync(name, context.Person(), cancellationToken);
        return TypedResults.NoContent();
    }
}
