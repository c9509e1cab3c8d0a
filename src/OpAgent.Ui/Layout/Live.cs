using Microsoft.AspNetCore.Components;

namespace OpAgent.Ui.Layout;

/// <summary>A part of the page that is drawn again when the workbench changes.</summary>
public abstract class Live : ComponentBase, IDisposable
{
    // Without a timer there is nothing to dispose of, and what still runs may ask for the token later.
    private readonly CancellationTokenSource _gone = new();

    protected Live() => Gone = _gone.Token;

    [Inject]
    private protected Workbench Workbench { get; set; } = default!;

    /// <summary>Ends with the component. What still runs then may go on asking for it.</summary>
    private protected CancellationToken Gone { get; }

    protected override void OnInitialized() => Workbench.Changed += Redraw;

    public void Dispose()
    {
        Workbench.Changed -= Redraw;
        _gone.Cancel();
        Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>What else has to be given back.</summary>
    private protected virtual void Leave()
    {
    }

    /// <summary>Runs on the component's own thread when the workbench has changed.</summary>
    private protected virtual Task ChangedAsync() => Task.CompletedTask;

    private void Redraw() => _ = InvokeAsync(async () =>
    {
        if (_gone.IsCancellationRequested) return;
        await ChangedAsync();
        StateHasChanged();
    });
}
