using System.Text;
using AngleSharp.Dom;

namespace OpAgent.Ui.Markdown;

/// <summary>Writes a tree of elements as HTML. The library's own writer looks every node up among its siblings, which takes the square of a long list's length.</summary>
internal static class ContentMarkup
{
    private static readonly HashSet<string> Void = ["br", "col", "hr", "img", "input", "wbr"];

    /// <summary>What is in the element. It is never deeper than the parser allowed.</summary>
    public static string Inside(IElement element)
    {
        var html = new StringBuilder();
        WriteChildren(html, element);
        return html.ToString();
    }

    private static void WriteChildren(StringBuilder html, INode parent)
    {
        foreach (var child in parent.ChildNodes)
        {
            if (child is IText text) WriteEscaped(html, text.Data, inAttribute: false);
            else if (child is IElement element) Write(html, element);
        }
    }

    private static void Write(StringBuilder html, IElement element)
    {
        html.Append('<').Append(element.LocalName);
        foreach (var attribute in element.Attributes)
        {
            html.Append(' ').Append(attribute.Name).Append("=\"");
            WriteEscaped(html, attribute.Value, inAttribute: true);
            html.Append('"');
        }

        html.Append('>');
        if (Void.Contains(element.LocalName)) return;
        // A parser drops a line's end at the beginning of such a block.
        if (element.LocalName == "pre" && element.FirstChild is IText { Data: ['\n', ..] }) html.Append('\n');
        WriteChildren(html, element);
        html.Append("</").Append(element.LocalName).Append('>');
    }

    private static void WriteEscaped(StringBuilder html, string text, bool inAttribute)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '\u00a0' => html.Append("&nbsp;"),
                '"' when inAttribute => html.Append("&quot;"),
                _ => html.Append(character),
            };
        }
    }
}
