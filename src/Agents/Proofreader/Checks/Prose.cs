using System.Collections.Immutable;
using System.Globalization;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>A word of prose: a run of letters, digits and marks, with apostrophes inside.</summary>
internal readonly record struct ProseWord(int Start, int End);

/// <summary>A block's text, with what in it is prose and what is code, HTML, an address or a link's target.</summary>
internal sealed class Prose
{
    private readonly BlockText _text;
    private readonly bool[] _isProse;
    private readonly bool[] _isVisible;

    private Prose(MarkdownBlock block, BlockText text, ImmutableArray<Inline> inlines)
    {
        Block = block;
        _text = text;
        _isProse = new bool[text.Text.Length];
        _isVisible = PlainText.IsVisible(text.Text, inlines);
        Array.Fill(_isProse, true);
        foreach (var inline in inlines) Exclude(inline);
        Words = [.. FindWords()];
    }

    public MarkdownBlock Block { get; }

    /// <summary>The lines of the block, joined by <c>\n</c>.</summary>
    public string Text => _text.Text;

    public ImmutableArray<ProseWord> Words { get; }

    /// <summary>The blocks of a page that hold prose.</summary>
    public static IEnumerable<Prose> Of(MarkdownDocument document)
    {
        foreach (var block in document.Blocks)
        {
            if (block.Kind is not (BlockKind.Paragraph or BlockKind.Heading or BlockKind.Table)) continue;
            var text = document.Text(block);
            yield return new Prose(block, text, document.Inlines(text));
        }
    }

    public bool IsProse(int position) => _isProse[position];

    public int Line(int position) => _text.Line(position);

    /// <summary>Where a span of the text, which lies within one line, stands in the source.</summary>
    public Range InSource(int start, int end) => _text.Offset(start)..(_text.Offset(end - 1) + 1);

    /// <summary>A span of the text as a reader sees it.</summary>
    public string Shown(int start, int end) => PlainText.Of(Text, _isVisible, start, end);

    private void Exclude(Inline inline)
    {
        if (inline.Kind is InlineKind.Link or InlineKind.Reference)
        {
            _isProse.AsSpan(inline.Start..inline.Label.Start.Value).Clear();
            _isProse.AsSpan(inline.Label.End.Value..inline.End).Clear();
            return;
        }
        _isProse.AsSpan(inline.Start..inline.End).Clear();
    }

    private IEnumerable<ProseWord> FindWords()
    {
        for (var at = 0; at < Text.Length;)
        {
            if (!IsWordAt(at))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < Text.Length && (IsWordAt(at) || (Text[at] is '\'' or '’' && at + 1 < Text.Length && _isProse[at] && IsWordAt(at + 1)))) at++;
            yield return new ProseWord(start, at);
        }
    }

    private bool IsWordAt(int position) => _isProse[position] && (char.IsLetterOrDigit(Text[position]) || char.IsSurrogate(Text[position])
        || char.GetUnicodeCategory(Text[position]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
