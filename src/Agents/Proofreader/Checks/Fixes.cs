using System.Text;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>Puts right what can be put right without a person's judgement. Every fix deletes words or spaces; none adds anything or touches a line's ending.</summary>
internal static class Fixes
{
    private const int MaxRounds = 10;

    /// <summary>
    /// The text with all fixes, so that another round would find none. Null where the fixes would change what the page is made of: then the page stays as it is.
    /// </summary>
    public static string? Apply(MarkdownDocument document)
    {
        var current = document;
        // Of "the the the" at the end of a line one round can leave another pair.
        for (var round = 0; round < MaxRounds; round++)
        {
            var text = Delete(current.Source, Fixable(current));
            if (text == current.Source) return IsSamePage(document, current) ? text : null;
            current = MarkdownDocument.Parse(text);
        }
        return null;
    }

    private static IEnumerable<Range> Fixable(MarkdownDocument document) =>
        Spaces.Trailing(document).Concat(Prose.Of(document).SelectMany(prose => DoubledWords.In(prose).Concat(Spaces.Double(prose)))).SelectMany(finding => finding.Deletions);

    private static string Delete(string text, IEnumerable<Range> deletions)
    {
        var kept = new StringBuilder(text.Length);
        var at = 0;
        foreach (var range in deletions.OrderBy(range => range.Start.Value))
        {
            if (range.Start.Value > at) kept.Append(text, at, range.Start.Value - at);
            at = Math.Max(at, range.End.Value);
        }
        return kept.Append(text, at, text.Length - at).ToString();
    }

    private static bool IsSamePage(MarkdownDocument before, MarkdownDocument after) =>
        before.Blocks.Length == after.Blocks.Length && before.Blocks.Zip(after.Blocks).All(pair => IsSameBlock(before, pair.First, after, pair.Second));

    private static bool IsSameBlock(MarkdownDocument before, MarkdownBlock one, MarkdownDocument after, MarkdownBlock other)
    {
        if (one.Kind != other.Kind || one.Level != other.Level || one.Depth != other.Depth || one.FirstLine != other.FirstLine || one.LastLine != other.LastLine) return false;
        return one.Kind is BlockKind.Paragraph or BlockKind.Heading or BlockKind.Definition || before.Text(one).Text == after.Text(other).Text;
    }
}
