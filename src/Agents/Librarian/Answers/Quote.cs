using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>A passage, or the part of it that matters most, as a Markdown block quote.</summary>
/// <param name="Line">The 1-based line of the file that the quote begins with.</param>
/// <param name="Markdown">Lines that start with <c>&gt;</c>.</param>
internal sealed record Quote(int Line, string Markdown)
{
    /// <summary>Null when the file was changed since the search, so that the passage is no longer there.</summary>
    public static Quote? Of(FileTree tree, Hit hit, Query query)
    {
        var file = TextFile.Read(tree.FullPath(hit.Path), KeywordSearch.MaxFileBytes);
        if (file.State is not TextFileState.Read || !PassageSplitter.Split(hit.Path, file.Text).Contains(hit.Passage)) return null;
        var lines = MarkdownDocument.IsMarkdown(hit.Path) ? QuotedLines.OfMarkdown(hit.Path, file.Text, hit.Passage) : QuotedLines.OfText(file.Text, hit.Passage);
        var (first, last) = QuoteWindow.Choose(lines, query);
        var shown = Cut(lines, first, last, hit.Path);
        return new Quote(lines[first].Number, string.Join('\n', shown.Select(line => line.Length == 0 ? ">" : "> " + line)));
    }

    private static List<string> Cut(ImmutableArray<QuotedLine> lines, int first, int last, string path)
    {
        var shown = new List<string>();
        if (!MarkdownDocument.IsMarkdown(path))
        {
            var text = string.Concat(lines[first..(last + 1)].Select(line => line.Text));
            var fence = new string('`', Math.Max(3, LongestRun(text, '`') + 1));
            shown.Add(fence + Path.GetExtension(path).TrimStart('.'));
            shown.AddRange(lines[first..(last + 1)].Select(line => line.Text));
            shown.Add(fence);
            return shown;
        }
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

    private static int LongestRun(string text, char c)
    {
        var longest = 0;
        var run = 0;
        foreach (var each in text)
        {
            run = each == c ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }
}
