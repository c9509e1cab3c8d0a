namespace OpAgent.Agents.Text.Markdown;

/// <summary>What a page is called.</summary>
/// <param name="Line">1-based; where the title stands.</param>
public sealed record PageTitle(string Text, int Line)
{
    /// <summary>The first heading of level 1, else the front matter's title, else null.</summary>
    public static PageTitle? Of(MarkdownDocument document) =>
        document.Headings().FirstOrDefault(heading => heading is { Level: 1, Text.Length: > 0 }) is { } heading
            ? new PageTitle(heading.Text, heading.Line)
            : FrontMatter.Find(document, "title") is var (title, line) ? new PageTitle(title, line) : null;
}
