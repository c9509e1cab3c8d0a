using System.Text;

namespace OpAgent.Ui.Markdown;

/// <summary>
/// A text that grows, rendered as it comes. A block that is finished is rendered once; only the one that the text ends in is rendered again.
/// Until <see cref="Complete"/> links whose target and footnotes whose text come elsewhere, and front matter, stand as they are written, and the open block's headings have no name;
/// from then on all is as if the text had come in one piece.
/// </summary>
public sealed class MarkdownBlocks(ContentPlace? place)
{
    /// <summary>A longer text is not rendered.</summary>
    public const int MaxLength = 2 * 1024 * 1024;

    private readonly StringBuilder _finished = new(), _open = new();
    private readonly List<MarkdownBlock> _blocks = [];
    private readonly ContentIds _ids = new();
    private int _finishedCount, _line, _renderedLength;
    private bool _isCurrent = true;

    /// <summary>The text's length.</summary>
    public int Length => _finished.Length + _open.Length;

    /// <summary>What has been rendered, the open block last.</summary>
    public IReadOnlyList<MarkdownBlock> Blocks
    {
        get
        {
            Render();
            return _blocks;
        }
    }

    /// <summary>What comes after the blocks and waits to be rendered.</summary>
    public string Tail
    {
        get
        {
            Render();
            return _open.ToString(_renderedLength, _open.Length - _renderedLength);
        }
    }

    public void Append(string text)
    {
        _open.Append(text);
        _isCurrent &= text.Length == 0;
    }

    /// <summary>Renders the text as a whole; nothing can be appended any more. Blocks that stay as they are stay the same objects.</summary>
    public void Complete()
    {
        var whole = MarkdownRendering.Whole(_finished.Append(_open).ToString(), place);
        for (var i = 0; i < whole.Count; i++)
        {
            var block = i < _blocks.Count && _blocks[i] == whole[i] ? _blocks[i] : whole[i];
            if (i < _blocks.Count) _blocks[i] = block;
            else _blocks.Add(block);
        }

        _blocks.RemoveRange(whole.Count, _blocks.Count - whole.Count);
        _open.Clear();
        _renderedLength = 0;
        _isCurrent = true;
    }

    private void Render()
    {
        if (_isCurrent) return;
        if (_open.Length - _renderedLength < NextGrowth) return;
        _isCurrent = true;
        var text = _open.ToString();
        var segments = MarkdownSegments.Of(text);
        // A line that is not at its end can still turn into anything: what stands before it is not closed by it.
        var certain = text.LastIndexOf('\n') + 1;
        var last = segments.Items.Count - 1;
        while (last > 0 && segments.Items[last].Start >= certain) last--;
        RemoveOpenBlocks();
        for (var i = 0; i < last; i++) Add(_finishedCount++, segments.Text(text, i), _line + segments.Items[i].Line, isOpen: false);
        if (last < 0) return;
        var start = segments.Items[last].Start;
        var line = _line + segments.Items[last].Line;
        for (var i = last; i < segments.Items.Count; i++) Add(_finishedCount + i - last, segments.Text(text, i), _line + segments.Items[i].Line, isOpen: true);
        _finished.Append(_open, 0, start);
        _open.Remove(0, start);
        _line = line;
        _renderedLength = _open.Length;
    }

    // The longer the open block is, the more it grows before it is rendered again, up to a quarter: all of them cost a multiple of the text, not its square.
    private long NextGrowth => Math.Min((long)_renderedLength * _renderedLength / (256 * 1024), _renderedLength / 4);

    private void RemoveOpenBlocks()
    {
        while (_blocks.Count > 0 && _blocks[^1].IsOpen) _blocks.RemoveAt(_blocks.Count - 1);
    }

    private void Add(int key, string text, int line, bool isOpen)
    {
        var html = MarkdownRendering.Segment(text, line, isOpen ? null : _ids, place);
        if (html.Length > 0) _blocks.Add(new(key, line + 1, html, isOpen));
    }
}
