using System.Text.RegularExpressions;
using Markdig.Extensions.Footnotes;
using Markdig.Syntax;

namespace OpAgent.Ui.Markdown;

/// <summary>One or more whole blocks of a text that are rendered together: one, except where HTML tags reach over several.</summary>
/// <param name="Start">Where it begins in the text; the end is where the next one begins.</param>
/// <param name="Line">0-based.</param>
internal readonly record struct MarkdownSegment(int Start, int Line);

/// <summary>A text cut into segments.</summary>
/// <param name="NeedsWhole">Whether something in it, a footnote or the target of a link, belongs to more than one of them.</param>
/// <param name="IsTooDeep">Whether it is nested deeper than the library goes, and cannot be cut.</param>
internal sealed partial record MarkdownSegments(IReadOnlyList<MarkdownSegment> Items, bool NeedsWhole, bool IsTooDeep = false)
{
    // Tags that are opened and never closed hold no more than this together.
    private const int LongestJoined = 64 * 1024;

    private static readonly MarkdownSegments Whole = new([new(0, 0)], NeedsWhole: false);

    public static MarkdownSegments Of(string text)
    {
        if (text.Length == 0) return new([], NeedsWhole: false);
        MarkdownDocument document;
        try
        {
            document = Markdig.Markdown.Parse(text, MarkdownSyntax.BlocksOnly);
        }
        catch (ArgumentException)
        {
            return Whole with { IsTooDeep = true };
        }

        var segments = new List<MarkdownSegment>();
        var needsWhole = false;
        var open = 0;
        foreach (var block in document)
        {
            needsWhole |= block is LinkReferenceDefinitionGroup or FootnoteGroup;
            if (block is LinkReferenceDefinitionGroup or FootnoteGroup) continue;
            var start = segments.Count == 0 ? 0 : text.LastIndexOf('\n', Math.Max(block.Span.Start - 1, 0)) + 1;
            if (segments.Count == 0 || open == 0 || start - segments[^1].Start >= LongestJoined)
            {
                // A heading with a line below it says the number of that line.
                segments.Add(segments.Count == 0 ? new(0, 0) : new(start, segments[^1].Line + text.AsSpan(segments[^1].Start, start - segments[^1].Start).Count('\n')));
                open = 0;
            }

            if (block is HtmlBlock html) open = Math.Max(0, open + Balance(text.AsSpan(html.Span.Start, Math.Max(0, Math.Min(html.Span.End + 1, text.Length) - html.Span.Start))));
        }

        return segments.Count == 0 ? Whole with { NeedsWhole = needsWhole } : new(segments, needsWhole);
    }

    /// <summary>The text of one segment.</summary>
    public string Text(string text, int index) => text[Items[index].Start..(index + 1 < Items.Count ? Items[index + 1].Start : text.Length)];

    private static int Balance(ReadOnlySpan<char> html)
    {
        var balance = 0;
        foreach (var match in Container.EnumerateMatches(html)) balance += html[match.Index + 1] == '/' ? -1 : 1;
        return balance;
    }

    // What people wrap around Markdown.
    [GeneratedRegex(@"</?(details|div|table|section|center|blockquote|ul|ol)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Container { get; }
}
