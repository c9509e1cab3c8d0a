using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>Prepares the lines of a passage for being quoted.</summary>
internal static class QuotedLines
{
    private const int MaxLineLength = 700;

    public static ImmutableArray<QuotedLine> OfText(string text, Passage passage)
    {
        var lines = SourceLines.Split(text);
        return [.. Enumerable.Range(passage.FirstLine, passage.LastLine - passage.FirstLine + 1).Select(number =>
            new QuotedLine(number, Shorten(text[lines[number - 1].Start..lines[number - 1].End], MaxLineLength)))];
    }

    public static ImmutableArray<QuotedLine> OfMarkdown(string path, string text, Passage passage)
    {
        var document = MarkdownDocument.Parse(QuotedLinks.Rewrite(path, MarkdownDocument.Parse(text), passage));
        var lines = SourceLines.Split(document.Source).Select(line => document.Source[line.Start..line.End]).ToArray();
        var starts = SourceLines.Split(document.Source);
        var quoted = ImmutableArray.CreateBuilder<QuotedLine>();
        for (var number = passage.FirstLine; number <= passage.LastLine; number++)
        {
            var block = document.Blocks.FirstOrDefault(block => block.FirstLine <= number && number <= block.LastLine);
            var limit = block is null ? MaxLineLength : SafeLength(document, block, starts[number - 1]);
            quoted.Add(Framed(new QuotedLine(number, Shorten(lines[number - 1], limit).TrimEnd()), document, block, lines));
        }
        return quoted.DrainToImmutable();
    }

    private static QuotedLine Framed(QuotedLine line, MarkdownDocument document, MarkdownBlock? block, string[] lines)
    {
        switch (block?.Kind)
        {
            case BlockKind.Code when FenceOf(document, block) is { } fence:
                return line with
                {
                    CitedLine = block.FirstLine,
                    Opening = line.Number > block.FirstLine ? [lines[block.FirstLine - 1].TrimStart()] : null,
                    Closing = line.Number < block.LastLine ? fence : null,
                };
            case BlockKind.Table when line.Number <= block.FirstLine + 1:
                return line with { CitedLine = 0 };
            case BlockKind.Table:
                return line with { Opening = [lines[block.FirstLine - 1].TrimStart(), lines[block.FirstLine].TrimStart()] };
            // A picture's description is found by its words, but what a reader wants is the text beside it.
            case BlockKind.Paragraph when line.Text.StartsWith("![", StringComparison.Ordinal) && line.Text.EndsWith(')'):
                return line with { CitedLine = 0 };
            case null:
                return line;
            default:
                return line with { CitedLine = block.FirstLine };
        }
    }

    /// <summary>The line that closes a fenced block, in the quotes and list items that the block stands in; null for indented code.</summary>
    private static string? FenceOf(MarkdownDocument document, MarkdownBlock block)
    {
        var part = block.Parts[0];
        var first = document.Source.AsSpan(part.Start, part.Length).TrimStart();
        var length = BlockStarts.FenceLength(first);
        if (length == 0) return null;
        var lineStart = document.Source.AsSpan(0, part.Start).LastIndexOfAny('\n', '\r') + 1;
        var marks = document.Source[lineStart..part.Start].Select(c => c == '>' ? '>' : ' ');
        return string.Concat(marks) + new string(first[0], length);
    }

    // A line is not cut inside a link or code span, or its marks would lose their partner.
    private static int SafeLength(MarkdownDocument document, MarkdownBlock block, SourceLine line)
    {
        if (line.Length <= MaxLineLength || block.Kind is not (BlockKind.Paragraph or BlockKind.Table)) return MaxLineLength;
        var text = document.Text(block);
        var limit = MaxLineLength;
        foreach (var inline in document.Inlines(text).OrderByDescending(inline => inline.Start))
        {
            var start = text.Offset(inline.Start) - line.Start;
            var end = text.Offset(inline.End - 1) + 1 - line.Start;
            if (start > 0 && start < limit && limit < end) limit = start;
        }
        return limit;
    }

    private static string Shorten(string line, int limit)
    {
        if (line.Length <= MaxLineLength) return line;
        var space = line.LastIndexOf(' ', limit - 1);
        return (space > limit / 2 ? line[..space] : line[..limit]) + " …";
    }
}
