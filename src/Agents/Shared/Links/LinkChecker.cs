using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Links;

/// <summary>What following a link leads to.</summary>
public enum LinkState
{
    /// <summary>Something is there.</summary>
    Fine,

    /// <summary>Not a relative link between files, so nobody looked.</summary>
    NotRelative,

    /// <summary>It leads out of the directory, where an agent does not look.</summary>
    Outside,

    /// <summary>It has no target.</summary>
    Empty,

    /// <summary>No such file.</summary>
    NoFile,

    /// <summary>The page is there and has no such heading or id.</summary>
    NoAnchor,

    /// <summary>A reference to a label that the page does not define.</summary>
    NoDefinition,
}

/// <summary>A checked link.</summary>
/// <param name="File">The file that the link leads to, relative to the tree's root, where there is one.</param>
public sealed record CheckedLink(MarkdownLink Link, LinkState State, string? File)
{
    public bool IsBroken => State is LinkState.Empty or LinkState.NoFile or LinkState.NoAnchor or LinkState.NoDefinition;

    /// <summary>What is wrong, in a few words for a list.</summary>
    public string Reason => State switch
    {
        LinkState.Empty => "has no target",
        LinkState.NoAnchor => "no such heading on that page",
        LinkState.NoDefinition => "is not defined on this page",
        _ => "no such file",
    };
}

/// <summary>Follows the relative links of Markdown pages below a directory, as GitHub and site generators do.</summary>
public sealed class LinkChecker(FileTree tree)
{
    private const long MaxPageBytes = 2 * 1024 * 1024;

    private readonly Dictionary<string, IReadOnlySet<string>?> _anchors = [];
    private HashSet<string>? _pageNames;

    /// <param name="page">The page that holds the links, relative to the tree's root.</param>
    public IEnumerable<CheckedLink> Check(string page, MarkdownDocument document)
    {
        var own = new Lazy<IReadOnlySet<string>?>(() => HeadingAnchors.Of(document));
        foreach (var link in PageLinks.Of(document)) yield return Check(page, link, own);
    }

    private CheckedLink Check(string page, MarkdownLink link, Lazy<IReadOnlySet<string>?> ownAnchors)
    {
        if (link.IsUndefined) return new CheckedLink(link, LinkState.NoDefinition, null);
        if (link.Target.Length == 0) return new CheckedLink(link, LinkState.Empty, null);
        if (LinkTarget.Parse(link.Target) is not { } target) return new CheckedLink(link, LinkState.NotRelative, null);
        if (target.Path.Length == 0) return new CheckedLink(link, HasAnchor(target.Fragment, ownAnchors.Value) ? LinkState.Fine : LinkState.NoAnchor, page);
        if (Resolve(page, target.Path) is not { } file) return new CheckedLink(link, LinkState.Outside, null);
        if (Find(file) is not { } found) return new CheckedLink(link, IsMadeByASite(link, page, target.Path) ? LinkState.NotRelative : LinkState.NoFile, null);
        var anchors = target.Fragment is null ? null : found == page ? ownAnchors.Value : AnchorsOf(found);
        return new CheckedLink(link, HasAnchor(target.Fragment, anchors) ? LinkState.Fine : LinkState.NoAnchor, found);
    }

    /// <summary>The path that a relative target means, relative to the tree's root; null where it leaves the tree.</summary>
    public static string? Resolve(string page, string target)
    {
        var names = new List<string>();
        var slash = page.LastIndexOf('/');
        foreach (var name in (slash < 0 ? target : $"{page[..slash]}/{target}").Split('/'))
        {
            if (name is "" or ".") continue;
            if (name != "..") names.Add(name);
            else if (names.Count == 0) return null;
            else names.RemoveAt(names.Count - 1);
        }
        return string.Join('/', names);
    }

    // Site generators link to pages without their extension, or by the name of what they make of them.
    private string? Find(string path)
    {
        var full = tree.FullPath(path);
        if (File.Exists(full)) return path;
        if (Directory.Exists(full))
        {
            foreach (var index in (ReadOnlySpan<string>)["README.md", "index.md", "_index.md", "readme.md"])
            {
                if (File.Exists($"{full}/{index}")) return path.Length == 0 ? index : $"{path}/{index}";
            }
            return path;
        }
        if (Path.GetFileName(path).Length > 0 && !Path.HasExtension(path) && File.Exists(full + ".md")) return path + ".md";
        if (path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && File.Exists(full[..^5] + ".md")) return path[..^5] + ".md";
        return null;
    }

    /// <summary>
    /// True where a link makes no sense between the files but does on the site that is made of them: to the HTML of a page that is somewhere in the tree,
    /// or to HTML in a directory that only the site has, and in raw HTML from the directory that a page becomes (<c>guide.md</c> is served as <c>guide/</c>).
    /// </summary>
    private bool IsMadeByASite(MarkdownLink link, string page, string target)
    {
        if (target.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            return PageNames().Contains(Path.GetFileNameWithoutExtension(target))
                || (Resolve(page, target) is { } made && !Directory.Exists(Path.GetDirectoryName(tree.FullPath(made))));
        }
        return link.IsHtml && target.StartsWith("../", StringComparison.Ordinal) && Resolve(page, target["../".Length..]) is { } file && Find(file) is not null;
    }

    private HashSet<string> PageNames() => _pageNames ??= tree.Files(new WalkTally(), CancellationToken.None)
        .Where(file => MarkdownDocument.IsMarkdown(file.Path))
        .Select(file => Path.GetFileNameWithoutExtension(file.Path))
        .Append("index")
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private IReadOnlySet<string>? AnchorsOf(string page)
    {
        if (!MarkdownDocument.IsMarkdown(page)) return null;
        if (_anchors.TryGetValue(page, out var known)) return known;
        var full = tree.FullPath(page);
        // A page that cannot be looked into has whatever anchor a link wants.
        if (tree.Locate(page) is null || FileStatus.Of(full).Kind is not EntryKind.File || TextFile.Read(full, MaxPageBytes) is not { State: TextFileState.Read } file)
            return _anchors[page] = null;
        return _anchors[page] = HeadingAnchors.Of(MarkdownDocument.Parse(file.Text));
    }

    private static bool HasAnchor(string? fragment, IReadOnlySet<string>? anchors) =>
        anchors is null || string.IsNullOrEmpty(fragment) || fragment.Equals("top", StringComparison.OrdinalIgnoreCase) || anchors.Contains(fragment)
        || IsLineNumber(fragment) || fragment.StartsWith(":~:", StringComparison.Ordinal);

    // #L12 and #L12-L20 are lines of a page's source.
    private static bool IsLineNumber(string fragment) => fragment.Length > 1 && fragment[0] == 'L' && fragment.AsSpan(1).IndexOfAnyExcept("0123456789-LC") < 0;
}
