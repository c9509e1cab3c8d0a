using AngleSharp.Dom;

namespace OpAgent.Ui.Markdown;

/// <summary>Gives each heading that has a name a link to itself.</summary>
internal static class HeadingLinks
{
    public static void Add(IElement body, ContentPlace? place)
    {
        foreach (var heading in body.QuerySelectorAll("h1[id], h2[id], h3[id], h4[id], h5[id], h6[id]"))
        {
            var name = heading.Id![ContentIds.Prefix.Length..];
            var link = heading.Owner!.CreateElement("a");
            link.ClassName = "md-anchor";
            link.SetAttribute("href", LinkTarget.Of("#" + Uri.EscapeDataString(name), place).Address);
            link.SetAttribute("aria-label", "Link to this heading");
            link.TextContent = "#";
            heading.Append(link);
        }
    }
}
