using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace OpAgent.Ui.Markdown;

/// <summary>Makes HTML that came out of a text fit for the page: prunes it, makes its links anew, sanitizes it, and only then adds what is the page's own.</summary>
internal static class ContentHtml
{
    // How often tags that are badly nested may change when they are read again.
    private const int MostReadings = 4;

    // Tags that are not closed can make a parser repeat or nest them without end.
    private const int MostElements = 300_000, Deepest = 400;

    private static readonly HtmlParser Parser = new();

    /// <returns>Null where the text holds more elements, or deeper ones, than a page bears.</returns>
    /// <param name="hasTags">Whether the text brought tags of its own.</param>
    public static string? Clean(string html, bool hasTags, ContentPlace? place)
    {
        var document = Parser.ParseDocument("<!doctype html><title></title>");
        var body = document.Body!;
        try
        {
            var limited = new HtmlParser(new HtmlParserOptions { OnCreated = new ElementLimit(MostElements, Deepest).Count });
            foreach (var node in limited.ParseFragment(html, body).ToArray()) body.AppendChild(node);
        }
        catch (ElementLimitException)
        {
            return null;
        }

        Prune(body);
        ContentLinks.Rewrite(body, place);
        AllowedHtml.Sanitizer.SanitizeDom((IHtmlDocument)document, body);
        if (hasTags && !Settle(body)) return null;
        CodeFrames.Add(body);
        HeadingLinks.Add(body, place);
        return body.InnerHtml.Trim();
    }

    // What the browser reads has to be what was looked at here.
    private static bool Settle(IElement body)
    {
        var html = body.InnerHtml;
        for (var i = 0; i < MostReadings; i++)
        {
            body.InnerHtml = html;
            var again = body.InnerHtml;
            if (again == html) return true;
            html = again;
        }

        return false;
    }

    private static void Prune(IElement body)
    {
        foreach (var element in body.QuerySelectorAll("*").ToArray())
        {
            if (element.NamespaceUri != NamespaceNames.HtmlUri || AllowedHtml.Dropped.Contains(element.LocalName)) element.Remove();
            else if (!AllowedHtml.Tags.Contains(element.LocalName)) element.Replace([.. element.ChildNodes]);
            else PruneAttributes(element);
        }
    }

    private static void PruneAttributes(IElement element)
    {
        // Links, images and boxes get these from the rendering alone.
        foreach (var own in (string[])["target", "rel", "referrerpolicy", "loading", "decoding", "class"]) element.RemoveAttribute(own);
        var id = element.GetAttribute("id") ?? (element.LocalName == "a" ? element.GetAttribute("name") : null);
        element.RemoveAttribute("id");
        if (!string.IsNullOrWhiteSpace(id)) element.SetAttribute("id", ContentIds.Prefix + id);
        foreach (var measure in (string[])["width", "height"])
        {
            if (element.GetAttribute(measure) is { } value && !IsMeasure(value)) element.RemoveAttribute(measure);
        }

        if (element.LocalName != "input") return;
        if (element.GetAttribute("type") == "checkbox") element.SetAttribute("disabled", "");
        else element.Remove();
    }

    private static bool IsMeasure(string value) => value.Length <= 6 && value.TrimEnd('%', 'p', 'x') is { Length: >= 1 and <= 4 } number && number.All(char.IsAsciiDigit);
}
