using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using OpAgent.Server.Security;

namespace OpAgent.Server.Conversations;

/// <summary>The same as the HTTP API's conversations, over SignalR.</summary>
internal sealed class ConversationHub(EventFollower follower, ConversationControl control, PermissionDesk permissions, HubProblems problems, TimeProvider time) : Hub
{
    private string Person => Context.User!.Identity!.Name!;

    /// <summary>The events of a conversation after a number or an <c>epoch-seq</c>, then as they happen.</summary>
    public async Task<IAsyncEnumerable<HubEvent>> Follow(string conversation, JsonElement? after, CancellationToken cancellationToken)
    {
        var position = EventPosition.Parse(after?.ToString());
        var events = await follower.OpenAsync(conversation, position, cancellationToken);
        return problems.WatchAsync(events.Select(item => new HubEvent(item)), nameof(Follow), cancellationToken);
    }

    [Authorize(Access.Converse)]
    public Task<AcceptedTurn> Prompt(string conversation, string text, IReadOnlyList<string>? attachments, bool? queue) =>
        control.PromptAsync(conversation, new(text, attachments, queue), Guid.CreateVersion7(time.GetUtcNow()), Person, Context.ConnectionAborted);

    [Authorize(Access.Converse)]
    public Task<ConversationView> Cancel(string conversation) =>
        control.CancelAsync(conversation, null, Person, Context.ConnectionAborted);

    /// <param name="permission">The request's id.</param>
    /// <param name="option">allow_once, allow_always, reject_once or reject_always.</param>
    [Authorize(Access.Converse)]
    public Task<PermissionView> Answer(string permission, string option) =>
        permissions.AnswerAsync(permission, new(option, null), Person, Context.ConnectionAborted);
}
