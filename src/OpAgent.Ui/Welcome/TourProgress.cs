using Microsoft.JSInterop;
using OpAgent.Server.Conversations;

namespace OpAgent.Ui.Welcome;

/// <summary>Reads how far a person's tour is: what happened stands in the conversations, and what was only looked at is noted in the browser.</summary>
internal sealed class TourProgress(ConversationAccess conversations, IJSRuntime js)
{
    private const int Newest = 20;
    private const string OpenedKey = "opagent-tour-opened";

    public async Task<TourState> ReadAsync(string workspace, CancellationToken cancellationToken)
    {
        var opened = await js.InvokeAsync<string?>("localStorage.getItem", cancellationToken, OpenedKey) is not null;
        var listed = await conversations.ListAsync(workspace, cancellationToken);
        var newest = listed.Where(conversation => conversation is { Id: not null, Error: null, Copy: false }).OrderByDescending(conversation => conversation.Updated).Take(Newest);
        return TourState.Of(await Task.WhenAll(newest.Select(conversation => conversations.ReadAsync(conversation.Id!, cancellationToken))), opened);
    }

    /// <summary>A conversation's file was opened.</summary>
    public ValueTask NoteOpenedAsync() => js.InvokeVoidAsync("localStorage.setItem", OpenedKey, "yes");
}
