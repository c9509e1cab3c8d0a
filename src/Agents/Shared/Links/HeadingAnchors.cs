using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Links;

/// <summary>
/// The fragments by which a Markdown page can be linked to: those made of its headings, and the ids it sets itself. Sites make them in slightly different ways;
/// a fragment that any of the common ones makes counts, so that a link is called broken only where it is broken everywhere.
/// </summary>
public static partial class HeadingAnchors
{
    /// <summary>Every fragment of the document, without <c>#</c>, whatever its case. Null where the page takes text in from elsewhere, which may bring any heading.</summary>
    public static IReadOnlySet<string>? Of(MarkdownDocument document)
    {
        if (Inclusion.IsMatch(document.Source)) return null;
        var anchors = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var heading in document.Headings().Select(heading => heading.Text).Concat(HtmlAttributes.Headings(document)))
        {
            var text = heading;
            if (ExplicitId(text) is var (id, visible))
            {
                anchors.Add(id);
                text = visible;
            }
            // The second "Usage" is usage-1 on GitHub and usage_1 in Python-Markdown.
            foreach (var slug in new[] { GitHub(text), Collapsed(text), Dashed(text) }.Distinct().ToArray())
            {
                if (anchors.Add(slug)) continue;
                var number = 1;
                while (!anchors.Add($"{slug}-{number}")) number++;
                anchors.Add($"{slug}_{number}");
            }
        }
        foreach (var attribute in HtmlAttributes.Of(document))
        {
            if (attribute.Name is "id" or "name") anchors.Add(attribute.Value);
        }
        foreach (Match match in AttributeList.Matches(document.Source)) anchors.Add(match.Groups["id"].Value);
        return anchors;
    }

    /// <summary>GitHub's way: lower case, letters, digits, <c>-</c> and <c>_</c> stay, each space becomes a dash, the rest goes.</summary>
    internal static string GitHub(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == ' ') slug.Append('-');
            else if (rune.Value is '-' or '_' || IsWordRune(rune)) slug.Append(Rune.ToLowerInvariant(rune));
        }
        return slug.ToString();
    }

    /// <summary>Python-Markdown's way (MkDocs): as GitHub, but runs of dashes are one, and none stands at an end.</summary>
    internal static string Collapsed(string text) => Collapse(GitHub(text));

    /// <summary>The way of VitePress and others: whatever is no letter or digit is a dash, runs of dashes are one.</summary>
    internal static string Dashed(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsWordRune(rune) || rune.Value == '_') slug.Append(Rune.ToLowerInvariant(rune));
            else slug.Append('-');
        }
        return Collapse(slug.ToString());
    }

    // MkDocs' snippets, blocks and directives, mdBook, Jekyll, Hugo, docfx.
    [GeneratedRegex(@"^\s*(--8<--|:::\s|\{!|\{\{\s*#|\{%\s*include|\{\{[<%]|\[!INCLUDE)", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Inclusion { get; }

    // { #id } and {: .class #id }, as Python-Markdown and kramdown have them behind any text.
    [GeneratedRegex(@"\{:?[^{}\n]*#(?<id>[\w.:-]+)[^{}\n]*\}", RegexOptions.ExplicitCapture)]
    private static partial Regex AttributeList { get; }

    private static string Collapse(string slug) => string.Join('-', slug.Split('-', StringSplitOptions.RemoveEmptyEntries));

    private static bool IsWordRune(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber;

    // "Install {#setup}" as in Pandoc, Hugo and Docusaurus.
    private static (string Id, string Visible)? ExplicitId(string text)
    {
        var open = text.LastIndexOf("{#", StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith('}')) return null;
        return (text[(open + 2)..^1].Split(' ')[0], text[..open].TrimEnd());
    }
}
