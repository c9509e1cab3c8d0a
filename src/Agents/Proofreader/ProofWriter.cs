using System.Globalization;
using System.Text;
using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader;

/// <summary>Puts what was found into words, as Markdown.</summary>
internal static class ProofWriter
{
    private const int MaxFindings = 40;
    private const int MaxSkipped = 10;

    // More spaces than that are listed by their lines only.
    private const int MaxOfSpaces = 5;
    private const int MaxLines = 20;

    /// <summary>A page's findings, in the order of its lines.</summary>
    public static string Findings(Page page)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"**{Citation.Escape(page.Path)}**: {Count(page.Findings.Length, "finding")}{(page.Fixable > 0 ? $", {page.Fixable} of them I can fix" : "")}\n\n");
        var entries = Entries(page).OrderBy(entry => entry.Line).ToArray();
        foreach (var (line, entry) in entries.Take(MaxFindings)) text.Append("- ").Append(Citation.Of(page.Path, line)).Append(' ').Append(entry).Append('\n');
        if (entries.Length > MaxFindings) text.Append(CultureInfo.InvariantCulture, $"- … and {entries.Length - MaxFindings:N0} more\n");
        return text.Append('\n').ToString();
    }

    /// <summary>The turn's last words.</summary>
    public static string Summary(Tally tally, WalkTally walk)
    {
        var text = new StringBuilder();
        if (tally.Files == 0) text.Append("I found no Markdown file to check.");
        else if (tally.Findings == 0) text.Append(CultureInfo.InvariantCulture, $"{Count(tally.Files, "file")} checked, nothing found.");
        else text.Append(CultureInfo.InvariantCulture, $"{Count(tally.Files, "file")} checked: {Count(tally.Findings, "finding")}, {tally.Fixed:N0} fixed, {tally.Findings - tally.Fixed:N0} left.");
        foreach (var (path, reason) in tally.Skipped.Take(MaxSkipped)) text.Append(CultureInfo.InvariantCulture, $"\n- {InlineCode.Of(path)} left alone: {reason}");
        if (tally.Skipped.Count > MaxSkipped) text.Append(CultureInfo.InvariantCulture, $"\n- … and {tally.Skipped.Count - MaxSkipped:N0} more left alone");
        if (walk.Unreadable > 0) text.Append(CultureInfo.InvariantCulture, $"\n\n_{Count(walk.Unreadable, "file or directory", "files or directories")} could not be read._");
        return text.Append("\n\n").ToString();
    }

    /// <summary>What a fix is called in a list of tool calls.</summary>
    public static string Title(Page page) => $"Fix {Count(page.Fixable, "thing")} in {page.Path}";

    public static string Count(int count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    private static IEnumerable<(int Line, string Text)> Entries(Page page)
    {
        foreach (var group in page.Findings.GroupBy(finding => finding.Kind))
        {
            var findings = group.ToArray();
            if (group.Key is FindingKind.TrailingSpace or FindingKind.DoubleSpace && findings.Length > MaxOfSpaces)
            {
                yield return (findings[0].Line, Grouped(findings));
                continue;
            }
            foreach (var finding in findings) yield return (finding.Line, finding.Text);
        }
    }

    private static string Grouped(Finding[] findings)
    {
        var lines = findings.Select(finding => finding.Line).Distinct().Skip(1).ToArray();
        var what = findings[0].Kind is FindingKind.TrailingSpace ? "trailing spaces" : "double spaces";
        var more = lines.Length > MaxLines ? " …" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{what}, also on lines {string.Join(", ", lines.Take(MaxLines))}{more} ({findings.Length:N0} in all)");
    }
}
