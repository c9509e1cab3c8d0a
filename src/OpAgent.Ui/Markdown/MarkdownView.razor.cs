using Microsoft.AspNetCore.Components;

namespace OpAgent.Ui.Markdown;

/// <summary>Shows Markdown that nobody vouches for. While it streams, only the block that it ends in is rendered again. The page needs <see cref="MarkdownAssets"/> once.</summary>
public sealed partial class MarkdownView : ComponentBase, IDisposable
{
    // Less is rendered at once; more would keep the page's other work waiting.
    private const int RenderedAtOnce = 32 * 1024;

    private IReadOnlyList<MarkdownBlock> _blocks = [];
    private string _tail = "";
    private bool _isPlain, _isRendering, _isDisposed;
    private Input? _shown;
    private MarkdownBlocks? _stream;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Whether the text goes on: set it until the last of it is there.</summary>
    [Parameter]
    public bool Streaming { get; set; }

    /// <summary>Where the text lies; without one, relative links and images lead nowhere.</summary>
    [Parameter]
    public ContentPlace? Place { get; set; }

    public void Dispose() => _isDisposed = true;

    protected override async Task OnParametersSetAsync()
    {
        // Whoever is rendering already takes what has come in the meantime.
        if (_isRendering) return;
        _isRendering = true;
        try
        {
            for (var wanted = Wanted; wanted != _shown && !_isDisposed; wanted = Wanted)
            {
                var known = _shown;
                var isLong = wanted.Text.Length - (wanted.Streaming && known is { Streaming: true } ? known.Text.Length : 0) > RenderedAtOnce;
                var output = isLong ? await Task.Run(() => Render(known, wanted)) : Render(known, wanted);
                (_blocks, _tail, _isPlain, _shown) = (output.Blocks, output.Tail, output.IsPlain, wanted);
                if (isLong) StateHasChanged();
            }
        }
        finally
        {
            _isRendering = false;
        }
    }

    private Input Wanted => new(Text, Streaming, Place);

    private Output Render(Input? known, Input wanted)
    {
        if (wanted.Text.Length > MarkdownBlocks.MaxLength)
        {
            _stream = null;
            return new([], "", IsPlain: true);
        }

        var goesOn = _stream is not null && known is { Streaming: true } && known.Place == wanted.Place && wanted.Text.StartsWith(known.Text, StringComparison.Ordinal);
        if (!goesOn && !wanted.Streaming) return new(MarkdownRendering.Whole(wanted.Text, wanted.Place), "");
        if (!goesOn) _stream = new(wanted.Place);
        var stream = _stream!;
        stream.Append(wanted.Text[stream.Length..]);
        if (!wanted.Streaming)
        {
            stream.Complete();
            _stream = null;
        }

        return new([.. stream.Blocks], stream.Tail);
    }

    private sealed record Input(string Text, bool Streaming, ContentPlace? Place);

    private sealed record Output(IReadOnlyList<MarkdownBlock> Blocks, string Tail, bool IsPlain = false);
}
