using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>Goes through a directory once, one file in memory at a time, and notes what somebody may want to look at.</summary>
internal sealed class ReportScan(FileTree tree)
{
    // Names that are empty by convention.
    private static readonly string[] EmptyByConvention = ["__init__.py", "py.typed"];

    private readonly LinkChecker _links = new(tree);
    private readonly PageGraph _pages = new();
    private readonly WalkTally _tally = new();
    private readonly ReportGroup _brokenLinks = new("Broken links");
    private readonly ReportGroup _openItems = new("Open TODO and FIXME items");
    private readonly ReportGroup _emptyFiles = new("Empty files");
    private int _files;
    private int _outside;

    /// <summary>What was looked at so far; may be asked for while the scan runs.</summary>
    public SearchTally Tally => new() { Files = _files, Unreadable = _tally.Unreadable, TooLarge = _tally.TooLarge };

    /// <param name="isReported">Which files the report is about; links from the others count all the same.</param>
    public Report Run(Func<string, bool> isReported, CancellationToken cancellationToken)
    {
        foreach (var file in tree.Files(_tally, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Scan(file, isReported(file.Path));
        }
        var orphans = new ReportGroup("Orphaned pages");
        foreach (var page in _pages.Orphans().Where(isReported)) orphans.Add(new ReportItem(page, 1, ""));
        var titles = new ReportGroup("Duplicate titles");
        foreach (var (title, places) in _pages.DuplicateTitles(isReported))
            titles.Add(new ReportItem(places[0].Path, places[0].Line, Citation.Escape(title)) { Others = places[1..] });
        return new Report(Tally, _pages.Count, _outside, [_brokenLinks, orphans, titles, _openItems, _emptyFiles]);
    }

    private void Scan(TreeFile file, bool isReported)
    {
        var content = TextFile.Read(file.FullPath, KeywordSearch.MaxFileBytes);
        if (content.State is TextFileState.TooLarge) _tally.TooLarge++;
        if (content.State is TextFileState.Unreadable) _tally.Unreadable++;
        if (content.State is not TextFileState.Read) return;
        _files++;
        var isPage = MarkdownDocument.IsMarkdown(file.Path);
        var document = isPage ? MarkdownDocument.Parse(content.Text) : null;
        if (document is not null) ScanPage(file.Path, document, isReported);
        else _pages.AddMentions(file.Path, content.Text);
        if (!isReported) return;
        if (content.Text.AsSpan().IsWhiteSpace() && !EmptyByConvention.Contains(Path.GetFileName(file.Path))) _emptyFiles.Add(new ReportItem(file.Path, 1, ""));
        foreach (var (line, note) in OpenItems.In(content.Text, document)) _openItems.Add(new ReportItem(file.Path, line, InlineCode.Of(note)));
    }

    private void ScanPage(string path, MarkdownDocument document, bool isReported)
    {
        _pages.Add(path, document);
        foreach (var link in _links.Check(path, document))
        {
            _pages.AddLink(path, link);
            if (!isReported) continue;
            if (link.State is LinkState.Outside) _outside++;
            if (!link.IsBroken) continue;
            var what = link.Link.IsImage ? "image " : "";
            _brokenLinks.Add(new ReportItem(path, link.Link.Line, $"{what}{InlineCode.Of(link.Link.Target)} – {link.Reason}"));
        }
    }
}
