using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup("/account").WithTags("Account");
        account.MapGet("", GetAsync).RequireAuthorization(Access.Read).WithSummary("Who the caller is and what it may do.").Refuses();

        var open = account.MapGroup("").AllowAnonymous();
        open.MapGet("/antiforgery", GiveAntiforgery).WithSummary("The token that requests with a cookie carry when they change something.").Refuses();
        open.MapGet("/setup", GetSetupAsync).WithSummary("Whether the host still waits for its owner.").Refuses();

        var forms = open.MapGroup("").WithMetadata(new RequireAntiforgeryTokenAttribute());
        forms.MapPost("/setup", SetUpAsync).WithSummary("Makes the owner's account with the set-up code, and signs in.").Refuses(400, 403, 409, 422, 429);
        forms.MapPost("/sign-in", SignInAsync).WithSummary("Signs in: the answer sets the session's cookie.").Refuses(400, 403, 429);
        forms.MapPost("/reset", ResetAsync).WithSummary("Chooses a password with a one-time code, and signs in.").Refuses(400, 403, 422, 429);

        var own = account.MapGroup("").RequireAuthorization(Access.Session);
        own.MapPost("/sign-out", SignOutAsync).WithSummary("Ends this session.").Refuses(403);
        own.MapPost("/password", ChangePasswordAsync).WithSummary("Changes the password. All other sessions end.").Refuses(400, 403, 422, 429);
        own.MapGet("/sessions", ListSessionsAsync).WithSummary("The browsers in which the person has signed in.").Refuses(400, 403);
        own.MapDelete("/sessions", RevokeOthersAsync).WithSummary("Ends all sessions but this one, at once.").Refuses(403);
        own.MapDelete("/sessions/{id}", RevokeSessionAsync).WithSummary("Ends a session at once: what it has open is cut off.").Refuses(403, 404);
    }

    private static async Task<Ok<CallerView>> GetAsync(HttpContext context, Accounts accounts, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var account = (await accounts.ListAsync(cancellationToken)).FirstOrDefault(account => caller.AccountId is not null && account.Name == caller.Person);
        return TypedResults.Ok(new CallerView(caller.Person, account?.Role, caller.Door.ToString().ToLowerInvariant(), caller.Scopes.Names()));
    }

    private static Ok<AntiforgeryView> GiveAntiforgery(HttpContext context, IAntiforgery antiforgery)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return TypedResults.Ok(new AntiforgeryView(tokens.HeaderName!, tokens.FormFieldName, tokens.RequestToken!));
    }

    private static async Task<Ok<SetupView>> GetSetupAsync(SetupCodes setup, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SetupView(await setup.IsOpenAsync(cancellationToken)));

    private static async Task<Ok<AccountView>> SetUpAsync(SetupForm body, AccountDoor door, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await door.SetUpAsync(context, body.Code, body.Name, body.Password, cancellationToken));

    private static async Task<Ok<AccountView>> SignInAsync(SignInForm body, AccountDoor door, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await door.SignInAsync(context, body.Name, body.Password, cancellationToken));

    private static async Task<Ok<AccountView>> ResetAsync(ResetForm body, AccountDoor door, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await door.ResetAsync(context, body.Name, body.Code, body.Password, cancellationToken));

    private static async Task<NoContent> SignOutAsync(AccountDoor door, HttpContext context, CancellationToken cancellationToken)
    {
        await door.SignOutAsync(context, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ChangePasswordAsync(PasswordForm body, AccountDoor door, HttpContext context, CancellationToken cancellationToken)
    {
        await door.ChangePasswordAsync(context, body.Current, body.Password, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Page<SessionView>>> ListSessionsAsync(
        [AsParameters] PageQuery page, Sessions sessions, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(
            await sessions.ListAsync(context.User, cancellationToken),
            session => PageQuery.NewestFirst(session.Created.ToUnixTimeMilliseconds(), session.Id)));

    private static async Task<Ok<EndedSessions>> RevokeOthersAsync(Sessions sessions, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(new EndedSessions(await sessions.RevokeOthersAsync(context.User, cancellationToken)));

    private static async Task<NoContent> RevokeSessionAsync(string id, Sessions sessions, AccountDoor door, HttpContext context, CancellationToken cancellationToken)
    {
        if (id == context.Caller().Pass) await door.SignOutAsync(context, cancellationToken);
        else await sessions.RevokeAsync(context.User, id, cancellationToken);
        return TypedResults.NoContent();
    }
}
