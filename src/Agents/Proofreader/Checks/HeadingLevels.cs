using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>Finds headings that skip a level on the way down, so that a table of contents has a hole.</summary>
internal static class HeadingLevels
{
    public static IEnumerable<Finding> In(MarkdownDocument document)
    {
        var previous = 0;
        foreach (var heading in document.Headings())
        {
            if (previous > 0 && heading.Level > previous + 1)
                yield return new Finding(FindingKind.HeadingLevel, heading.Line, $"heading level skips from {previous} to {heading.Level}: “{Citation.Escape(heading.Text)}”");
            previous = heading.Level;
        }
    }
}
