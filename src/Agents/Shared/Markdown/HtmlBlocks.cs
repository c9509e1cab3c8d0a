using System.Collections.Frozen;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>The seven ways in which CommonMark begins and ends a block of HTML (section 4.6).</summary>
internal static class HtmlBlocks
{
    private static readonly string[] RawTags = ["script", "pre", "style", "textarea"];

    private static readonly FrozenSet<string> BlockTags = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html",
        "iframe", "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section", "summary",
        "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BlockTagLookup = BlockTags.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The kind that a line begins, 1 to 7 as in the specification, or 0.</summary>
    public static int Begins(ReadOnlySpan<char> rest, bool insideParagraph)
    {
        if (rest.Length < 2 || rest[0] != '<') return 0;
        if (rest.StartsWith("<!--", StringComparison.Ordinal)) return 2;
        if (rest.StartsWith("<![CDATA[", StringComparison.Ordinal)) return 5;
        if (rest[1] == '?') return 3;
        if (rest[1] == '!') return rest.Length > 2 && char.IsAsciiLetter(rest[2]) ? 4 : 0;
        var closing = rest[1] == '/';
        var name = TagName(rest[(closing ? 2 : 1)..]);
        if (name.IsEmpty) return 0;
        if (!closing && IsRawTag(name)) return 1;
        if (BlockTagLookup.Contains(name)) return 6;
        return !insideParagraph && InlineHtml.TagLength(rest) is var length and > 0 && rest[length..].IsWhiteSpace() ? 7 : 0;
    }

    /// <summary>True when the block ends with this line; blocks of kind 6 and 7 end before a blank line instead.</summary>
    public static bool Ends(int kind, ReadOnlySpan<char> line) => kind switch
    {
        1 => EndsRaw(line),
        2 => line.Contains("-->", StringComparison.Ordinal),
        3 => line.Contains("?>", StringComparison.Ordinal),
        4 => line.Contains('>'),
        5 => line.Contains("]]>", StringComparison.Ordinal),
        _ => false,
    };

    private static ReadOnlySpan<char> TagName(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] == '-')) length++;
        var ended = length == rest.Length || rest[length] is ' ' or '\t' or '>' || rest[length..].StartsWith("/>", StringComparison.Ordinal);
        return length > 0 && ended && char.IsAsciiLetter(rest[0]) ? rest[..length] : default;
    }

    private static bool IsRawTag(ReadOnlySpan<char> name)
    {
        foreach (var tag in RawTags)
        {
            if (name.Equals(tag, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    private static bool EndsRaw(ReadOnlySpan<char> line)
    {
        foreach (var tag in RawTags)
        {
            if (line.Contains($"</{tag}>", StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
