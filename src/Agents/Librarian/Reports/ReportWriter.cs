using System.Globalization;
using System.Text;
using OpAgent.Agents.Librarian.Answers;
using OpAgent.Agents.Text.Links;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>Puts a report into words, piece by piece as Markdown: counts first, then each group.</summary>
internal static class ReportWriter
{
    private const int MaxOthers = 5;

    public static IEnumerable<string> Write(Report report)
    {
        yield return Counts(report);
        foreach (var group in report.Groups.Where(group => group.Count > 0)) yield return Group(group);
        if (AnswerWriter.Skipped(report.Tally) is { } skipped) yield return skipped + "\n\n";
    }

    private static string Counts(Report report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Report on {AnswerWriter.Count(report.Tally.Files, "text file")}, {AnswerWriter.Count(report.Pages, "Markdown page")} among them.\n\n");
        text.Append("| What | How many |\n|---|---:|\n");
        foreach (var group in report.Groups) text.Append(CultureInfo.InvariantCulture, $"| {group.Title} | {group.Count:N0} |\n");
        text.Append('\n');
        if (report.OutsideLinks > 0)
        {
            var links = AnswerWriter.Count(report.OutsideLinks, "link leads", "links lead");
            text.Append(CultureInfo.InvariantCulture, $"{links} out of this directory and {(report.OutsideLinks == 1 ? "was" : "were")} not followed.\n\n");
        }
        if (report.Groups.All(group => group.Count == 0)) text.Append("Nothing that needs to be looked at.\n\n");
        return text.ToString();
    }

    private static string Group(ReportGroup group)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {group.Title} ({group.Count:N0})\n\n");
        foreach (var item in group.Items)
        {
            text.Append("- ").Append(Citation.Of(item.Path, item.Line));
            foreach (var (path, line) in item.Others.Take(MaxOthers)) text.Append(", ").Append(Citation.Of(path, line));
            if (item.Others.Count > MaxOthers) text.Append(CultureInfo.InvariantCulture, $" and {item.Others.Count - MaxOthers:N0} more");
            if (item.Text.Length > 0) text.Append(": ").Append(item.Text);
            text.Append('\n');
        }
        if (group.Count > group.Items.Count) text.Append(CultureInfo.InvariantCulture, $"- … and {group.Count - group.Items.Count:N0} more\n");
        return text.Append('\n').ToString();
    }
}
