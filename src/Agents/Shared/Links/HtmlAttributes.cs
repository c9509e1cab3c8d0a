using System.Text.RegularExpressions;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Links;

/// <summary>An attribute of an HTML tag that makes a link or can be linked to.</summary>
/// <param name="Name">In lower case: href, src, id or name.</param>
/// <param name="Line">1-based.</param>
internal sealed record HtmlAttribute(string Tag, string Name, string Value, int Line);

/// <summary>Finds links and their targets in the HTML of a Markdown document, outside comments.</summary>
internal static partial class HtmlAttributes
{
    public static IEnumerable<HtmlAttribute> Of(MarkdownDocument document)
    {
        foreach (var block in document.Blocks)
        {
            if (block.Kind is BlockKind.Code or BlockKind.FrontMatter or BlockKind.Definition or BlockKind.Rule) continue;
            var text = document.Text(block);
            if (block.Kind is BlockKind.Html)
            {
                foreach (var attribute in In(text, 0, text.Text.Length)) yield return attribute;
                continue;
            }
            if (!text.Text.Contains('<')) continue;
            foreach (var inline in document.Inlines(text))
            {
                if (inline.Kind is not InlineKind.Html) continue;
                foreach (var attribute in In(text, inline.Start, inline.End)) yield return attribute;
            }
        }
    }

    /// <summary>The text of headings that are written as HTML.</summary>
    public static IEnumerable<string> Headings(MarkdownDocument document)
    {
        foreach (var block in document.Blocks)
        {
            if (block.Kind is not BlockKind.Html) continue;
            foreach (Match match in Heading.Matches(document.Text(block).Text))
                yield return TagOrComment.Replace(match.Groups["text"].Value, "").Replace('\n', ' ').Trim();
        }
    }

    private static IEnumerable<HtmlAttribute> In(BlockText text, int start, int end)
    {
        foreach (Match match in TagOrComment.Matches(text.Text[start..end]))
        {
            var tag = match.Groups["tag"];
            if (!tag.Success) continue;
            foreach (Match attribute in Attribute.Matches(match.Value))
            {
                var value = attribute.Groups["value"];
                var name = attribute.Groups["name"].Value.ToLowerInvariant();
                yield return new HtmlAttribute(tag.Value.ToLowerInvariant(), name, value.Value.Trim(), text.Line(start + match.Index + attribute.Index));
            }
        }
    }

    [GeneratedRegex("""<!--.*?(-->|\z)|</?(?<tag>[a-z][a-z0-9-]*)(\s[^<>]*)?>""", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex TagOrComment { get; }

    [GeneratedRegex("""<h(?<level>[1-6])(\s[^<>]*)?>(?<text>.{0,500}?)</h\k<level>>""", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading { get; }

    [GeneratedRegex("""\s(?<name>href|src|id|name)\s*=\s*("(?<value>[^"]*)"|'(?<value>[^']*)'|(?<value>[^\s"'<>]+))""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute { get; }
}
