using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Conversations;

internal static class ConversationEndpoints
{
    private const long LargestPrompt = 16 * 1024 * 1024;

    public static void MapConversationEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workspaces/{id}/conversations", CreateAsync).WithTags("Conversations").RequireAuthorization(Access.Read).RequireAuthorization(Access.Converse)
            .WithSummary("Begins a conversation: makes its file. Idempotency-Key makes a repetition harmless.").Refuses(400, 403, 404, 422, 503);

        var conversations = routes.MapGroup("/conversations").WithTags("Conversations").RequireAuthorization(Access.Read);
        conversations.MapGet("", ListAsync).WithSummary("The conversations of a workspace, or of all, newest first.").Refuses(400, 404, 503);
        conversations.MapGet("/{id}", GetAsync).WithSummary("A conversation with its turns, the running one included.").Refuses(404, 409, 503);
        conversations.MapPost("/{id}/turns", PromptAsync).RequireAuthorization(Access.Converse).TakesBody(LargestPrompt)
            .WithSummary("Prompts the agent. Idempotency-Key makes a repetition harmless.").Refuses(400, 403, 404, 409, 413, 422, 503, 507);
        conversations.MapPost("/{id}/cancel", CancelAsync).RequireAuthorization(Access.Converse).WithSummary("Asks the agent to end the running turn, or takes one turn out of the queue.").Refuses(404, 503);
        conversations.MapPost("/{id}/stop", StopAsync).RequireAuthorization(Access.Converse).WithSummary("Ends the agent's process and everything it started. The next prompt starts it anew.").Refuses(404, 503);
        conversations.MapPost("/{id}/options", SetOptionsAsync).RequireAuthorization(Access.Converse).WithSummary("Sets the session's mode.").Refuses(400, 404, 409, 422, 503);
        conversations.MapPost("/{id}/fork", ForkAsync).RequireAuthorization(Access.Converse).WithSummary("A new conversation with everything up to and including one turn.").Refuses(404, 409, 422, 503);
    }

    private static async Task<Created<ConversationView>> CreateAsync(
        string id, NewConversation? body, ConversationAccess access, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var created = await access.CreateAsync(
            id, body ?? new(null, null, null), IdempotencyKey.IdFor(context, time), IdempotencyKey.IsSent(context), cancellationToken);
        return TypedResults.Created($"/api/v1/conversations/{created.Id}", created);
    }

    private static async Task<Ok<Page<ConversationView>>> ListAsync(
        string? workspace, [AsParameters] PageQuery page, ConversationAccess access, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(
            await access.ListAsync(workspace, cancellationToken),
            conversation => PageQuery.NewestFirst(conversation.Created.ToUnixTimeMilliseconds(), conversation.Machine + conversation.File)));

    private static async Task<Ok<ConversationDetail>> GetAsync(string id, ConversationAccess access, CancellationToken cancellationToken) =>
        TypedResults.Ok(await access.GetAsync(id, cancellationToken));

    private static async Task<Accepted<AcceptedTurn>> PromptAsync(
        string id, NewTurn body, ConversationControl control, TimeProvider time, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Accepted(
            $"/api/v1/conversations/{id}",
            await control.PromptAsync(id, body, IdempotencyKey.IdFor(context, time), context.Person(), cancellationToken));

    private static async Task<Ok<ConversationView>> CancelAsync(
        string id, CancelRequest? body, ConversationControl control, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await control.CancelAsync(id, body?.Turn, context.Person(), cancellationToken));

    private static async Task<Ok<ConversationView>> StopAsync(string id, ConversationControl control, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await control.StopAsync(id, context.Person(), cancellationToken));

    private static async Task<Ok<ConversationView>> SetOptionsAsync(
        string id, SessionOptions body, ConversationControl control, CancellationToken cancellationToken) =>
        TypedResults.Ok(await control.SetOptionsAsync(id, body, cancellationToken));

    private static async Task<Created<ConversationView>> ForkAsync(
        string id, ForkRequest? body, ConversationAccess access, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var fork = await access.ForkAsync(id, body?.Turn, IdempotencyKey.IdFor(context, time), cancellationToken);
        return TypedResults.Created($"/api/v1/conversations/{fork.Id}", fork);
    }
}
