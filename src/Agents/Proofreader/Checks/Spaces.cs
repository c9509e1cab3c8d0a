using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>Finds spaces that nobody sees: at the ends of lines, and more than one between words.</summary>
internal static class Spaces
{
    private const int HardBreak = 2;

    /// <summary>Spaces and tabs at the ends of lines. Two spaces that break a line inside a paragraph are meant.</summary>
    public static IEnumerable<Finding> Trailing(MarkdownDocument document)
    {
        var lines = SourceLines.Split(document.Source);
        var blocks = document.Blocks.AsSpan().ToArray();
        var next = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var text = document.Source.AsSpan(lines[i].Start, lines[i].Length);
            var kept = text.TrimEnd(" \t").Length;
            while (next < blocks.Length && blocks[next].LastLine < i + 1) next++;
            if (kept == text.Length) continue;
            var block = next < blocks.Length && blocks[next].FirstLine <= i + 1 ? blocks[next] : null;
            if (block is { Kind: BlockKind.Code or BlockKind.FrontMatter or BlockKind.Html or BlockKind.Table }) continue;
            var trailing = text[kept..];
            var isInParagraph = block is { Kind: BlockKind.Paragraph } && i + 1 < block.LastLine;
            if (isInParagraph && trailing.Length == HardBreak && !trailing.Contains('\t')) continue;
            // Without the space, the backslash would break the line.
            if (kept > 0 && text[kept - 1] == '\\') continue;
            if (isInParagraph && IsInsideInline(document, block!, lines[i].Start + kept)) continue;
            yield return new Finding(FindingKind.TrailingSpace, i + 1, kept == 0 ? "spaces on an empty line" : "trailing spaces") { Deletions = [(lines[i].Start + kept)..lines[i].End] };
        }
    }

    /// <summary>More than one space between words.</summary>
    public static IEnumerable<Finding> Double(Prose prose)
    {
        if (prose.Block.Kind is BlockKind.Table) yield break;
        var text = prose.Text;
        for (var at = text.IndexOf("  ", StringComparison.Ordinal); at >= 0; at = text.IndexOf("  ", at, StringComparison.Ordinal))
        {
            var start = at;
            while (at < text.Length && text[at] == ' ') at++;
            var isAtEnd = at == text.Length || text[at] is '\n' or '\t' || start == 0 || text[start - 1] is '\n' or '\t';
            if (!isAtEnd && IsProse(prose, start, at))
                yield return new Finding(FindingKind.DoubleSpace, prose.Line(start), "double space") { Deletions = [prose.InSource(start + 1, at)] };
        }
    }

    private static bool IsProse(Prose prose, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (!prose.IsProse(i)) return false;
        }
        return true;
    }

    // Code and tags may reach over the end of a line.
    private static bool IsInsideInline(MarkdownDocument document, MarkdownBlock block, int offset)
    {
        var text = document.Text(block);
        return document.Inlines(text).Any(inline => inline.Kind is InlineKind.Code or InlineKind.Html or InlineKind.Math
            && text.Offset(inline.Start) < offset && offset < text.Offset(inline.End - 1));
    }
}
