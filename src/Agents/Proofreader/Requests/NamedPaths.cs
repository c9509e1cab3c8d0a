using System.Text.RegularExpressions;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Requests;

/// <summary>Finds the files and directories that a person names in a sentence.</summary>
internal static partial class NamedPaths
{
    /// <summary>
    /// What looks like a Markdown file's name, and what has a slash or stands in quotes and is there. "And/or" and "docs" as a plain word are no paths.
    /// </summary>
    public static IEnumerable<string> In(string prompt, FileTree tree)
    {
        foreach (Match match in Candidate.Matches(prompt))
        {
            var quoted = match.Groups["quoted"];
            var name = Trim(quoted.Success ? quoted.Value : match.Value);
            if (name.Length == 0 || name.Contains("://", StringComparison.Ordinal)) continue;
            var isPath = quoted.Success || name.Contains('/');
            if (MarkdownDocument.IsMarkdown(name) || (isPath && tree.Locate(name) is { } path && tree.StatusOf(path).Kind is EntryKind.File or EntryKind.Directory)) yield return name;
        }
    }

    // docs/a.md, | (docs/a.md) | @docs/a.md | docs/a.md:12 | docs/a.md#L12
    private static string Trim(string name)
    {
        name = name.Trim().Trim(',', ';', ':', '!', '?', '(', ')', '[', ']', '<', '>', '"', '\'', '@').TrimEnd('.');
        return Place.Replace(name, "");
    }

    [GeneratedRegex("""`(?<quoted>[^`\n]+)`|"(?<quoted>[^"\n]+)"|“(?<quoted>[^”\n]+)”|\[[^\]\n]*\]\(<?(?<quoted>[^)>\n]+)>?\)|\S+""", RegexOptions.ExplicitCapture)]
    private static partial Regex Candidate { get; }

    [GeneratedRegex(@"(#.*|:\d+(-\d+)?)$")]
    private static partial Regex Place { get; }
}
