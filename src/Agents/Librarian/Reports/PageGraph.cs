using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>The Markdown pages of a directory, what they are called and which of them something leads to.</summary>
internal sealed class PageGraph
{
    // Nobody needs to link to these: they are found by their name.
    private static readonly HashSet<string> KnownNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "readme", "index", "_index", "_sidebar", "_navbar", "summary", "changelog", "changes", "history", "contributing", "code_of_conduct", "code-of-conduct",
        "security", "support", "license", "governance", "maintainers", "authors", "notice", "agents", "pull_request_template", "404",
    };

    private readonly Dictionary<string, PageTitle?> _pages = [];
    private readonly Dictionary<string, string> _uids = [];
    private readonly HashSet<string> _linked = [];
    private readonly HashSet<string> _linkedUids = [];

    public int Count => _pages.Count;

    public void Add(string path, MarkdownDocument document)
    {
        _pages.Add(path, PageTitle.Of(document));
        if (FrontMatter.Find(document, "uid") is var (uid, _)) _uids[path] = uid;
    }

    public void AddLink(string from, CheckedLink link)
    {
        if (link.File is { } file && file != from) _linked.Add(file);
        if (link.State is not LinkState.NotRelative) return;
        var target = link.Link.Target;
        if (target.StartsWith("xref:", StringComparison.OrdinalIgnoreCase)) _linkedUids.Add(target["xref:".Length..].Split('?', '#')[0]);
        // From a site's or a repository's root.
        else if (target.StartsWith('/') && LinkChecker.Resolve("x", target.Split('#', '?')[0]) is { } path) _linked.Add(path);
    }

    /// <summary>Takes note of the pages that a file other than a page leads to.</summary>
    public void AddMentions(string path, string text)
    {
        _linked.UnionWith(Mentions.In(path, text));
        if (Path.GetExtension(path) is ".yml" or ".yaml") _linkedUids.UnionWith(Mentions.UidsIn(text));
    }

    /// <summary>Pages that nothing leads to, in the order of their paths.</summary>
    public IEnumerable<string> Orphans() => _pages.Keys
        .Where(page => !_linked.Contains(page) && !KnownNames.Contains(Path.GetFileNameWithoutExtension(page)))
        .Where(page => !_uids.TryGetValue(page, out var uid) || !_linkedUids.Contains(uid))
        .Order(StringComparer.Ordinal);

    /// <summary>Titles that more than one page has, where at least one of the pages is reported on.</summary>
    public IEnumerable<(string Title, List<(string Path, int Line)> Places)> DuplicateTitles(Func<string, bool> isReported) => _pages
        .Where(page => page.Value is not null)
        .GroupBy(page => MarkdownDocument.NormalizeLabel(page.Value!.Text))
        .Where(group => group.Count() > 1 && group.Any(page => isReported(page.Key)))
        .Select(group => (group.First().Value!.Text, group.Select(page => (page.Key, page.Value!.Line)).ToList()));
}
