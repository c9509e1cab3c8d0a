using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace OpAgent.Ui.Tests.Markdown;

/// <summary>What rendered content may consist of, written down a second time: it knows nothing of the sanitizer's own lists.</summary>
internal static partial class SafeMarkup
{
    private static readonly HashSet<string> Elements = [.. Words(
        """
        a abbr address article aside b bdi bdo big blockquote br button caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer
        h1 h2 h3 h4 h5 h6 header hr i img input ins kbd li main mark nav ol p picture pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td
        tfoot th thead time tr tt u ul var wbr
        """)];

    private static readonly HashSet<string> Attributes = [.. Words("align alt aria-label class colspan data-line dir height id open reversed rowspan scope start tabindex title valign value width")];

    private static readonly Dictionary<string, string[]> AttributesOf = new()
    {
        ["a"] = ["href", "target", "rel"],
        ["button"] = ["type"],
        ["div"] = ["data-language"],
        ["img"] = ["src", "loading", "decoding", "referrerpolicy"],
        ["input"] = ["type", "checked", "disabled"],
    };

    private static readonly HashSet<string> Classes = [.. Words("md-anchor md-code md-code-bar md-copy md-image-link md-inert md-language md-plain")];

    /// <summary>Everything in the markup that is not known to be harmless; nothing in the good case. It is read as the page's script would put it into the page.</summary>
    public static List<string> ProblemsIn(string html)
    {
        var parser = new HtmlParser();
        var document = parser.ParseDocument("<template></template>");
        var content = document.CreateElement("div");
        content.Append([.. parser.ParseFragment(html, document.QuerySelector("template")!)]);
        var problems = content.QuerySelectorAll("*").SelectMany(ProblemsOf).ToList();
        if (content.Descendants<IComment>().Any()) problems.Add("a comment");
        // Markup that changes when it is read again is how content slips through a sanitizer.
        if (content.InnerHtml.Trim() != html.Trim()) problems.Add($"reads as {content.InnerHtml} instead of {html}");
        return problems;
    }

    /// <summary>The addresses in the markup that lead elsewhere than to the workspace.</summary>
    public static List<string> AddressesIn(string html) =>
    [
        .. new HtmlParser().ParseDocument(html).QuerySelectorAll("[href], [src]")
            .Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!)
            .Where(address => !address.StartsWith("/w/", StringComparison.Ordinal) && !address.StartsWith("/api/v1/workspaces/handbook/", StringComparison.Ordinal)),
    ];

    private static IEnumerable<string> ProblemsOf(IElement element)
    {
        if (element.NamespaceUri != NamespaceNames.HtmlUri || !Elements.Contains(element.LocalName)) yield return $"<{element.NodeName}>";
        if (element.LocalName == "button" && (element.ClassName != "md-copy" || element.ParentElement?.ClassName != "md-code-bar")) yield return "a button of its own";
        if (element.LocalName == "input" && (element.GetAttribute("type") != "checkbox" || !element.HasAttribute("disabled"))) yield return "a box to fill in";
        if (element.HasAttribute("target") && element.GetAttribute("rel") != "noopener noreferrer nofollow") yield return "a tab that knows its opener";
        foreach (var attribute in element.Attributes)
        {
            var isKnown = Attributes.Contains(attribute.Name) || AttributesOf.GetValueOrDefault(element.LocalName, []).Contains(attribute.Name);
            if (!isKnown || !IsHarmless(attribute.Name, attribute.Value)) yield return $"<{element.LocalName} {attribute.Name}={attribute.Value}>";
        }
    }

    private static bool IsHarmless(string name, string value) => name switch
    {
        "href" => Link.IsMatch(value),
        "src" => Image.IsMatch(value),
        "class" => value.Split(' ').All(Classes.Contains),
        "id" => value.StartsWith("user-content-", StringComparison.Ordinal),
        "data-language" => value.Length == 0 || LanguageName.IsMatch(value),
        "target" => value == "_blank",
        "tabindex" => value == "0",
        _ => true,
    };

    private static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("""^(https?://[^/\\\s"<>@][^\s"<>]*|mailto:[^\s"<>]+|/w/handbook/[^\s"<>]*|#user-content-[^\s"<>]*)$""")]
    private static partial Regex Link { get; }

    [GeneratedRegex("""^(/api/v1/workspaces/handbook/files/content\?path=[^\s"<>&/]+|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*)$""")]
    private static partial Regex Image { get; }

    [GeneratedRegex("^[a-z0-9_+#.-]{1,32}$")]
    private static partial Regex LanguageName { get; }
}
