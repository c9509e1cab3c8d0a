using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace OpAgent.Ui.Markdown;

/// <summary>Tags within a line: known ones pass on to the cleaning, anything else, <c>List&lt;string&gt;</c> for example, is text.</summary>
internal sealed class InlineTags : HtmlObjectRenderer<HtmlInline>
{
    protected override void Write(HtmlRenderer renderer, HtmlInline inline)
    {
        if (inline.Tag.StartsWith("<!--", StringComparison.Ordinal)) return;
        if (AllowedHtml.Tags.Contains(Name(inline.Tag))) renderer.Write(inline.Tag);
        else renderer.WriteEscape(inline.Tag);
    }

    private static string Name(string tag)
    {
        var start = tag.StartsWith("</", StringComparison.Ordinal) ? 2 : 1;
        var end = start;
        while (end < tag.Length && (char.IsAsciiLetterOrDigit(tag[end]) || tag[end] == '-')) end++;
        return tag[start..end].ToLowerInvariant();
    }
}
