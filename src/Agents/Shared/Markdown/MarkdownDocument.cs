using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>The structure of a Markdown source: its blocks, with line numbers and offsets, and what is inside their text.</summary>
public sealed class MarkdownDocument
{
    // A longer paragraph is data, not prose; it is taken for code as a whole, so that nobody can make the scan slow.
    private const int MaxProse = 64 * 1024;

    private static readonly string[] Extensions = [".md", ".markdown", ".mdown", ".mkd"];

    private readonly HashSet<string> _labels = [];

    private MarkdownDocument(string source)
    {
        Source = source;
        Blocks = new BlockScanner(source).Scan();
        foreach (var block in Blocks)
        {
            if (block.Kind is BlockKind.Definition && Definition(block) is var (label, _)) _labels.Add(NormalizeLabel(source.AsSpan(label)));
        }
    }

    public string Source { get; }

    /// <summary>In the order of the source. Every line that is not blank belongs to exactly one.</summary>
    public ImmutableArray<MarkdownBlock> Blocks { get; }

    /// <summary>The labels of the link reference definitions, normalized.</summary>
    public IReadOnlySet<string> Labels => _labels;

    public static MarkdownDocument Parse(string source) => new(source);

    /// <summary>True for a file name that says Markdown.</summary>
    public static bool IsMarkdown(string path) => Array.Exists(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Labels are compared without regard to case and to how much white space they hold.</summary>
    public static string NormalizeLabel(ReadOnlySpan<char> label) =>
        string.Join(' ', label.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>A block's text without quote marks and indentation.</summary>
    public BlockText Text(MarkdownBlock block) => new(Source, block.Parts);

    /// <summary>What in a block's text is not plain words.</summary>
    public ImmutableArray<Inline> Inlines(BlockText text) => text.Text.Length > MaxProse
        ? [new Inline(InlineKind.Code, 0, text.Text.Length)]
        : new InlineScanner(text.Text, _labels).Scan();

    /// <summary>Where a definition's label and target stand in the source.</summary>
    public (Range Label, Range Target) Definition(MarkdownBlock block)
    {
        var part = block.Parts[0];
        BlockStarts.IsDefinition(Source.AsSpan(part.Start, part.Length), out var label, out var target);
        return (Shift(label), Shift(target));

        Range Shift(Range range) => (part.Start + range.Start.Value)..(part.Start + range.End.Value);
    }

    /// <summary>The headings with the text that a reader sees.</summary>
    public IEnumerable<Heading> Headings()
    {
        foreach (var block in Blocks)
        {
            if (block.Kind is BlockKind.Heading) yield return new Heading(block.Level, PlainText.Of(this, Text(block)), block.FirstLine);
        }
    }
}
