using System.Text.RegularExpressions;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>
/// Finds pages that are reached from something other than a Markdown page: a site's table of contents (toc.yml, mkdocs.yml, sidebars.js), an HTML page, a project file.
/// Being generous here only means that a page is not called an orphan.
/// </summary>
internal static partial class Mentions
{
    private static readonly string[] NavigationNames = ["toc", "_toc", "mkdocs", "sidebar", "sidebars", "_sidebar", "nav", "navigation", "_category_", "summary", "docs", "mint", "config"];

    /// <summary>The pages that a file that is no Markdown may mean, relative to the tree's root; not all of them need to exist.</summary>
    public static IEnumerable<string> In(string path, string text)
    {
        var isNavigation = NavigationNames.Contains(Path.GetFileNameWithoutExtension(path).ToLowerInvariant());
        if (!isNavigation && !text.Contains(".md", StringComparison.OrdinalIgnoreCase)) yield break;
        foreach (Match match in PathLike.Matches(text))
        {
            var named = match.Value.Replace('\\', '/').TrimStart('/');
            if (!MarkdownDocument.IsMarkdown(named))
            {
                if (!isNavigation) continue;
                named = named.TrimEnd('/') + ".md";
            }
            foreach (var from in (string[])[path, "x", Folder(path) + "docs/x", "docs/x"])
            {
                if (LinkChecker.Resolve(from, named) is { Length: > 0 } page) yield return page;
            }
        }
    }

    /// <summary>The uids by which docfx refers to pages.</summary>
    public static IEnumerable<string> UidsIn(string text) => Uid.Matches(text).Select(match => match.Groups["uid"].Value);

    private static string Folder(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..(slash + 1)] : "";

    [GeneratedRegex(@"[\w./\\-]+\w")]
    private static partial Regex PathLike { get; }

    [GeneratedRegex("""^[\s-]*(topicUid|uid):\s*["']?(?<uid>[^\s"']+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Uid { get; }
}
