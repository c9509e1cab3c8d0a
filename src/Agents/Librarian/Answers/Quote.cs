using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;
using OpAgent.Core.Text;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>A passage, or the part of it that matters most, as a Markdown block quote.</summary>
/// <param name="Line">The 1-based line of the file where, within the quote, most of what was asked for stands.</param>
/// <param name="Markdown">Lines that start with <c>&gt;</c>.</param>
internal sealed record Quote(int Line, string Markdown)
{
    /// <summary>Null when the file was changed since the search, so that the passage is no longer there.</summary>
    public static Quote? Of(FileTree tree, Hit hit, TermWeights weights)
    {
        var file = TextFile.Read(tree.FullPath(hit.Path), KeywordSearch.MaxFileBytes);
        if (file.State is not TextFileState.Read || !PassageSplitter.Split(hit.Path, file.Text).Contains(hit.Passage)) return null;
        var lines = MarkdownDocument.IsMarkdown(hit.Path) ? QuotedLines.OfMarkdown(hit.Path, file.Text, hit.Passage) : QuotedLines.OfText(file.Text, hit.Passage);
        var found = lines.Select(line => weights.Find(line.Text)).ToArray();
        var (first, last) = QuoteWindow.Choose(lines, found, weights);
        var shown = Cut(lines, first, last, hit.Path);
        return new Quote(BestLine(lines, found, first, last, weights), string.Join('\n', shown.Select(line => line.Length == 0 ? ">" : "> " + line)));
    }

    private static int BestLine(ImmutableArray<QuotedLine> lines, uint[] found, int first, int last, TermWeights weights)
    {
        var start = lines[first].Number;
        // A code block that is shown from its middle on has its beginning, which would be cited, outside of the quote.
        var places = Enumerable.Range(first, last - first + 1).Where(i => lines[i].CitedLine > 0).GroupBy(i => Math.Max(lines[i].CitedLine, start));
        var best = places.Select(place => (Line: place.Key, Weight: weights.Of(place.Aggregate(0u, (all, i) => all | found[i])))).MaxBy(place => place.Weight);
        return best.Weight > 0 ? best.Line : start;
    }

    private static List<string> Cut(ImmutableArray<QuotedLine> lines, int first, int last, string path)
    {
        if (!MarkdownDocument.IsMarkdown(path))
        {
            var text = string.Join('\n', lines[first..(last + 1)].Select(line => line.Text));
            return [.. MarkdownFence.Wrap(text, Path.GetExtension(path).TrimStart('.')).Split('\n')];
        }
        var shown = new List<string>();
        var indent = lines[first..(last + 1)].Where(line => line.Text.Length > 0).Min(line => line.Text.Length - line.Text.TrimStart(' ').Length);
        if (first > 0) shown.AddRange(["…", ""]);
        if (lines[first].Opening is { } opening) shown.AddRange(opening);
        shown.AddRange(lines[first..(last + 1)].Select(line => line.Text.Length == 0 ? "" : line.Text[indent..]));
        if (last < lines.Length - 1)
        {
            if (lines[last].Closing is { } closing) shown.Add(closing);
            shown.AddRange(["", "…"]);
        }
        return shown;
    }
}
