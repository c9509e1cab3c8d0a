namespace OpAgent.Agents.Librarian.Reports;

/// <summary>Something in a file that somebody may want to look at.</summary>
/// <param name="Line">1-based; 1 where the file as a whole is meant.</param>
/// <param name="Text">What it is, as Markdown; may be empty.</param>
internal sealed record ReportItem(string Path, int Line, string Text)
{
    /// <summary>Further places that belong to the same item.</summary>
    public IReadOnlyList<(string Path, int Line)> Others { get; init; } = [];
}
