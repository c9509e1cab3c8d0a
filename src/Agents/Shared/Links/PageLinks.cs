using System.Net;
using System.Text;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Links;

/// <summary>The links of a Markdown page: inline ones, reference definitions, images, and those of its HTML; none inside code.</summary>
public static class PageLinks
{
    /// <summary>In the order of lines, HTML last.</summary>
    public static IEnumerable<MarkdownLink> Of(MarkdownDocument document)
    {
        foreach (var block in document.Blocks)
        {
            if (block.Kind is BlockKind.Definition)
            {
                yield return new MarkdownLink(Unescape(document.Source[document.Definition(block).Target]), block.FirstLine);
            }
            else if (block.Kind is BlockKind.Paragraph or BlockKind.Heading or BlockKind.Table)
            {
                foreach (var link in OfText(document, document.Text(block))) yield return link;
            }
        }
        foreach (var attribute in HtmlAttributes.Of(document))
        {
            if (attribute is { Name: "href", Tag: "a" } or { Name: "src", Tag: "img" })
                yield return new MarkdownLink(WebUtility.HtmlDecode(attribute.Value), attribute.Line) { IsImage = attribute.Tag == "img", IsHtml = true };
        }
    }

    private static IEnumerable<MarkdownLink> OfText(MarkdownDocument document, BlockText text)
    {
        if (text.Text.AsSpan().IndexOfAny('[', '<') < 0) yield break;
        foreach (var inline in document.Inlines(text))
        {
            var target = inline.Kind is InlineKind.Link or InlineKind.Reference ? text.Text[inline.Target] : "";
            if (inline.Kind is InlineKind.Link)
                yield return new MarkdownLink(Unescape(target), text.Line(inline.Start)) { IsImage = inline.IsImage };
            else if (inline.Kind is InlineKind.Autolink && text.Text[inline.Start] == '<')
                yield return new MarkdownLink(text.Text[(inline.Start + 1)..(inline.End - 1)], text.Line(inline.Start));
            else if (inline.Kind is InlineKind.Reference && IsUndefined(document, text.Text, inline, target))
                yield return new MarkdownLink(target, text.Line(inline.Start)) { IsImage = inline.IsImage, IsUndefined = true };
        }
    }

    // "matrix[i][j]" and "[0][1]" are no links that somebody meant to write; [package.Class][] is looked up by a site's generator.
    private static bool IsUndefined(MarkdownDocument document, string text, Inline inline, string label)
    {
        if (label.Length < 2 || label[0] is '^' or '`' || !label.Any(char.IsLetter)) return false;
        if (!label.Contains(' ') && label.AsSpan().IndexOfAny('.', '(', ':') >= 0) return false;
        if (inline.Start > 0 && (char.IsLetterOrDigit(text[inline.Start - 1]) || text[inline.Start - 1] is ']' or ')' or '_')) return false;
        return !document.Labels.Contains(MarkdownDocument.NormalizeLabel(label));
    }

    private static string Unescape(string target)
    {
        if (target.Contains('&')) target = WebUtility.HtmlDecode(target);
        if (!target.Contains('\\')) return target;
        var plain = new StringBuilder(target.Length);
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] == '\\' && i + 1 < target.Length && char.IsAscii(target[i + 1]) && (char.IsPunctuation(target[i + 1]) || char.IsSymbol(target[i + 1]))) i++;
            plain.Append(target[i]);
        }
        return plain.ToString();
    }
}
