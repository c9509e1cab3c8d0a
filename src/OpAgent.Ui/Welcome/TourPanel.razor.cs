using Microsoft.AspNetCore.Components;
using OpAgent.Server.Conversations;
using OpAgent.Server.Workspaces;
using OpAgent.Ui.Layout;

namespace OpAgent.Ui.Welcome;

/// <summary>The tour on the welcome workspace's own page.</summary>
public sealed partial class TourPanel
{
    private TourState _state = TourState.Nothing;
    private string? _known;
    private string? _problem;
    private bool _busy;
    private bool _again;

    [Inject]
    private TourProgress Progress { get; set; } = default!;

    [Inject]
    private ConversationAccess Conversations { get; set; } = default!;

    [Inject]
    private ConversationControl Control { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Parameter, EditorRequired]
    public WorkspaceView Workspace { get; set; } = default!;

    private string? LatestFile => _state.Latest?.File[(Workspace.Path.Length + 1)..];

    protected override Task OnInitializedAsync() => ChangedAsync();

    // What is on the tour changes with the conversations' states, not with every word.
    private protected override async Task ChangedAsync()
    {
        var states = string.Join(' ', Workbench.LiveIn(Workspace.Id).Order(StringComparer.Ordinal).Select(id => $"{id} {Workbench.Live(id)?.State}"));
        if (states == _known) return;
        _known = states;
        await TryAsync(async () => _state = await Progress.ReadAsync(Workspace.Id, Gone));
    }

    private Task AskAsync(string question) => BeginAsync("", question);

    private Task CheckAsync() => BeginAsync("drafts", "Check letter-home.md");

    private async Task BeginAsync(string path, string text)
    {
        _busy = true;
        await TryAsync(async () =>
        {
            var begun = await Conversations.CreateAsync(Workspace.Id, new(path, null, text), Guid.CreateVersion7(), false, Gone);
            await Control.PromptAsync(begun.Id!, new(text, null, null), Guid.CreateVersion7(), await Workbench.PersonAsync(), Gone);
            Navigation.NavigateTo($"/c/{begun.Id}");
        });
        _busy = false;
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            _problem = null;
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch (Exception exception) when (Workbench.IsProblem(exception))
        {
            _problem = Workbench.Explain(exception);
        }
    }
}
