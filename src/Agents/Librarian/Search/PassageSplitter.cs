using OpAgent.Agents.Text.Markdown;
using OpAgent.Core;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>
/// Splits files into passages. Markdown is split where its headings are and then into runs of blocks; a block is never cut, and code stays with the paragraph that introduces it.
/// Other text is split at blank lines.
/// </summary>
internal static class PassageSplitter
{
    // About what one reads at a glance.
    private const int TargetLength = 1000;
    private const int MaxLines = 40;

    public static IEnumerable<Passage> Split(string path, string text) => MarkdownDocument.IsMarkdown(path) ? SplitMarkdown(MarkdownDocument.Parse(text)) : SplitLines(text);

    private static IEnumerable<Passage> SplitMarkdown(MarkdownDocument document)
    {
        var headings = new List<(int Level, string Text)> { (0, FrontMatter.Find(document, "title")?.Text ?? "") };
        var section = Section.Of(headings.Select(heading => heading.Text));
        var run = new List<MarkdownBlock>();
        var bareHeading = (MarkdownBlock?)null;
        foreach (var block in document.Blocks)
        {
            if (block.Kind is BlockKind.Heading)
            {
                if (run.Count > 0) yield return ToPassage(run, section);
                else if (bareHeading?.Level >= block.Level) yield return ToPassage([bareHeading], section);
                run.Clear();
                bareHeading = block;
                headings.RemoveAll(heading => heading.Level >= block.Level || (block.Level == 1 && heading.Level == 0));
                headings.Add((block.Level, PlainText.Of(document, document.Text(block))));
                section = Section.Of(headings.Select(heading => heading.Text));
            }
            else if (IsText(document, block))
            {
                bareHeading = null;
                if (run.Count > 0 && Length(run[0], block) > TargetLength)
                {
                    var kept = Introduces(document, run[^1], block) ? 1 : 0;
                    if (run.Count > kept)
                    {
                        yield return ToPassage(run[..^kept], section);
                        run.RemoveRange(0, run.Count - kept);
                    }
                }
                run.Add(block);
            }
        }
        if (run.Count > 0) yield return ToPassage(run, section);
        else if (bareHeading is not null) yield return ToPassage([bareHeading], section);
    }

    private static bool IsText(MarkdownDocument document, MarkdownBlock block) => block.Kind switch
    {
        BlockKind.Paragraph or BlockKind.Code or BlockKind.Table => true,
        BlockKind.Html => !document.Source.AsSpan(block.Parts[0].Start).StartsWith("<!--", StringComparison.Ordinal),
        _ => false,
    };

    private static bool Introduces(MarkdownDocument document, MarkdownBlock block, MarkdownBlock next)
    {
        if (block.Kind is not BlockKind.Paragraph) return false;
        var last = block.Parts[^1];
        return next.Kind is BlockKind.Code || document.Source.AsSpan(last.Start, last.Length).TrimEnd().EndsWith(":", StringComparison.Ordinal);
    }

    private static int Length(MarkdownBlock first, MarkdownBlock last) => last.Parts[^1].Start + last.Parts[^1].Length - first.Parts[0].Start;

    private static Passage ToPassage(List<MarkdownBlock> run, Section section) =>
        new(run[0].FirstLine, run[^1].LastLine, TextOf(run[0]).Start..TextOf(run[^1]).End, section)
        {
            Code = run.Where(block => block.Kind is BlockKind.Code).Select(TextOf).ToValueList(),
        };

    private static Range TextOf(MarkdownBlock block) => block.Parts[0].Start..(block.Parts[^1].Start + block.Parts[^1].Length);

    private static IEnumerable<Passage> SplitLines(string text)
    {
        var lines = SourceLines.Split(text);
        var first = -1;
        var last = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var isBlank = text.AsSpan(lines[i].Start, lines[i].Length).IsWhiteSpace();
            if (first >= 0 && (i - first >= MaxLines || (isBlank && lines[last].End - lines[first].Start >= TargetLength / 2)))
            {
                yield return new Passage(first + 1, last + 1, lines[first].Start..lines[last].End, Section.None);
                first = -1;
            }
            if (isBlank) continue;
            if (first < 0) first = i;
            last = i;
        }
        if (first >= 0) yield return new Passage(first + 1, last + 1, lines[first].Start..lines[last].End, Section.None);
    }
}
