using Ganss.Xss;

namespace OpAgent.Ui.Markdown;

/// <summary>What a text may bring of HTML. Nothing here can run, load, send, or reach the page around it.</summary>
internal static class AllowedHtml
{
    /// <summary>Elements that stay, with the attributes below.</summary>
    public static readonly IReadOnlySet<string> Tags = new HashSet<string>
    {
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
        "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "input", "ins",
        "kbd", "li", "main", "mark", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
        "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
    };

    /// <summary>Elements that go with everything in them; any other that is not allowed leaves what it held.</summary>
    public static readonly IReadOnlySet<string> Dropped = new HashSet<string>
    {
        "applet", "audio", "base", "basefont", "bgsound", "button", "canvas", "command", "datalist", "dialog", "embed", "fencedframe", "frame", "frameset", "head", "iframe",
        "image", "isindex", "keygen", "link", "listing", "marquee", "math", "menuitem", "meta", "meter", "noembed", "noframes", "noscript", "object", "optgroup", "option",
        "output", "param", "plaintext", "portal", "progress", "script", "select", "selectedcontent", "slot", "source", "style", "svg", "template", "textarea", "title", "track",
        "video", "xmp",
    };

    /// <summary>What the rendering itself says of an element.</summary>
    public const string InertClass = "md-inert", ImageLinkClass = "md-image-link";

    // "id" has its prefix and "href" and "src" are made anew before; "lang" is a code block's language, "data-line" the line in the source.
    private static readonly string[] Attributes =
    [
        "align", "alt", "checked", "class", "colspan", "data-line", "decoding", "dir", "disabled", "height", "href", "id", "lang", "loading", "open", "referrerpolicy", "rel",
        "reversed", "rowspan", "scope", "src", "start", "target", "title", "type", "valign", "value", "width",
    ];

    /// <summary>Safe to use from several threads.</summary>
    public static HtmlSanitizer Sanitizer { get; } = new(new HtmlSanitizerOptions
    {
        AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
        AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
        AllowedSchemes = new HashSet<string>(["http", "https", "mailto", "data"], StringComparer.OrdinalIgnoreCase),
        UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
        AllowedCssProperties = new HashSet<string>(),
        AllowedAtRules = new HashSet<AngleSharp.Css.Dom.CssRuleType>(),
        AllowedClasses = new HashSet<string>([InertClass, ImageLinkClass]),
    });
}
