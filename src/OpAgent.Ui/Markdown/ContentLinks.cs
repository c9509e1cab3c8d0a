using AngleSharp.Dom;

namespace OpAgent.Ui.Markdown;

/// <summary>Makes the links and images of a text anew, so that none leads where its author would like the reader's browser to go unasked.</summary>
internal static class ContentLinks
{
    public static void Rewrite(IElement body, ContentPlace? place)
    {
        foreach (var image in body.QuerySelectorAll("img").ToArray()) RewriteImage(image, place);
        foreach (var link in body.QuerySelectorAll("a").ToArray()) RewriteLink(link, place);
        foreach (var element in body.QuerySelectorAll("[href]:not(a), [src]:not(img)").ToArray())
        {
            element.RemoveAttribute("href");
            element.RemoveAttribute("src");
        }

        if (place is not null) Citations.Link(body, place);
    }

    private static void RewriteLink(IElement link, ContentPlace? place)
    {
        var address = link.GetAttribute("href");
        link.RemoveAttribute("href");
        if (address is null) return;
        var target = LinkTarget.Of(address, place);
        switch (target.Kind)
        {
            case LinkKind.Inert:
                MakeInert(link, target.Address);
                break;
            case LinkKind.Outside:
                link.SetAttribute("href", target.Address);
                link.SetAttribute("target", "_blank");
                link.SetAttribute("rel", "noopener noreferrer nofollow");
                break;
            default:
                link.SetAttribute("href", target.Address);
                break;
        }
    }

    private static void MakeInert(IElement link, string address)
    {
        var text = link.Owner!.CreateElement("span");
        text.ClassName = AllowedHtml.InertClass;
        foreach (var child in link.ChildNodes.ToArray()) text.AppendChild(child);
        // What would have been opened is said, except where it was the text already.
        if (address.Length > 0 && !text.TextContent.Contains(address, StringComparison.Ordinal)) text.Append(link.Owner.CreateTextNode($" ({address})"));
        link.Replace(text);
    }

    private static void RewriteImage(IElement image, ContentPlace? place)
    {
        var address = image.GetAttribute("src") ?? "";
        image.RemoveAttribute("src");
        if (ImageSource.Of(address, place) is { } source)
        {
            image.SetAttribute("src", source);
            image.SetAttribute("loading", "lazy");
            image.SetAttribute("decoding", "async");
            image.SetAttribute("referrerpolicy", "no-referrer");
            return;
        }

        ReplaceByLink(image, LinkTarget.Of(address, place));
    }

    // An image elsewhere would tell its server who reads what, and when.
    private static void ReplaceByLink(IElement image, LinkTarget target)
    {
        var leads = target.Kind == LinkKind.Outside && image.Closest("a") is null;
        var shown = image.Owner!.CreateElement(leads ? "a" : "span");
        shown.ClassName = AllowedHtml.ImageLinkClass;
        shown.TextContent = image.GetAttribute("alt") is { Length: > 0 } text ? text : target.Address.Length > 0 ? target.Address : "image";
        if (leads) shown.SetAttribute("href", target.Address);
        image.Replace(shown);
    }
}
