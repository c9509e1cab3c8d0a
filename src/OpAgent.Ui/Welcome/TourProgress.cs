using Microsoft.JSInterop;
using OpAgent.Server.Conversations;
using OpAgent.Ui.Layout;

namespace OpAgent.Ui.Welcome;

/// <summary>Follows one person's tour: what happened stands in the conversations, and only what was looked at is noted, in the browser.</summary>
internal sealed class TourProgress : IDisposable
{
    private const int Newest = 20;
    private const string OpenedKey = "opagent-tour-opened";
    private readonly ConversationAccess _conversations;
    private readonly Workbench _workbench;
    private readonly IJSRuntime _js;
    private bool _opened;
    private bool _noted;

    public TourProgress(ConversationAccess conversations, Workbench workbench, IJSRuntime js)
    {
        (_conversations, _workbench, _js) = (conversations, workbench, js);
        _workbench.Changed += Look;
    }

    public async Task<TourState> ReadAsync(string workspace, CancellationToken cancellationToken)
    {
        if (_opened && !_noted) await _js.InvokeVoidAsync("localStorage.setItem", cancellationToken, OpenedKey, "yes");
        _noted = _opened;
        _opened |= await _js.InvokeAsync<string?>("localStorage.getItem", cancellationToken, OpenedKey) is not null;
        var listed = await _conversations.ListAsync(workspace, cancellationToken);
        var newest = listed.Where(conversation => conversation is { Id: not null, Error: null, Copy: false }).OrderByDescending(conversation => conversation.Updated).Take(Newest);
        return TourState.Of(await Task.WhenAll(newest.Select(conversation => _conversations.ReadAsync(conversation.Id!, cancellationToken))), _opened);
    }

    public void Dispose() => _workbench.Changed -= Look;

    private void Look() => _opened |= _workbench.Here is { Conversation: null, Workspace: { } id } here
        && here.Path.Contains(".opagent/conversations/", StringComparison.Ordinal)
        && _workbench.Workspaces.Any(workspace => workspace.Id == id && Server.Welcome.WelcomeWorkspace.Is(workspace));
}
