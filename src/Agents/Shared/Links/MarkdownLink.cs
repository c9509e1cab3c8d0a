namespace OpAgent.Agents.Text.Links;

/// <summary>A link or image as it stands in a page.</summary>
/// <param name="Target">As written, without angle brackets and title; for an undefined reference its label.</param>
/// <param name="Line">1-based.</param>
public sealed record MarkdownLink(string Target, int Line)
{
    public bool IsImage { get; init; }

    /// <summary>True where it is written as an HTML tag.</summary>
    public bool IsHtml { get; init; }

    /// <summary>True for <c>[text][label]</c> with a label that the page does not define: readers see the brackets.</summary>
    public bool IsUndefined { get; init; }
}
