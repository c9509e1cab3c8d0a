namespace OpAgent.Agents.Text.Markdown;

/// <summary>Tags and comments in the middle of text (CommonMark section 6.6), and autolinks in angle brackets (section 6.5).</summary>
internal static class InlineHtml
{
    /// <summary>The length of the open tag, closing tag or comment at the start of <paramref name="text"/>, or 0.</summary>
    public static int TagLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[0] != '<') return 0;
        if (text.StartsWith("<!--", StringComparison.Ordinal)) return LengthTo(text, "-->", 4);
        if (text[1] == '?') return LengthTo(text, "?>", 2);
        var at = text[1] == '/' ? 2 : 1;
        if (!char.IsAsciiLetter(text[at])) return 0;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '-')) at++;
        if (at < text.Length && text[at] is not (' ' or '\t' or '\n' or '>' or '/')) return 0;
        var quote = '\0';
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quote != 0)
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'')
            {
                // Quotes only stand around an attribute's value; "<a "b"" is text.
                if (!text[..at].TrimEnd().EndsWith("=", StringComparison.Ordinal)) return 0;
                quote = c;
            }
            else if (c == '<')
            {
                return 0;
            }
            else if (c == '>')
            {
                return at + 1;
            }
        }
        return 0;
    }

    /// <summary>The length of an autolink such as <c>&lt;https://example.org&gt;</c> at the start of <paramref name="text"/>, or 0.</summary>
    public static int AutolinkLength(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('>');
        if (end < 3) return 0;
        var inside = text[1..end];
        if (inside.IndexOfAny(" \t\n<") >= 0 || !char.IsAsciiLetter(inside[0])) return 0;
        var colon = inside.IndexOf(':');
        var isScheme = colon is >= 2 and <= 32 && inside[..colon].IndexOfAnyExceptInRange('+', 'z') < 0;
        return isScheme || (inside.Contains('@') && colon < 0) ? end + 1 : 0;
    }

    private static int LengthTo(ReadOnlySpan<char> text, string end, int from)
    {
        var index = text[from..].IndexOf(end, StringComparison.Ordinal);
        return index < 0 ? 0 : from + index + end.Length;
    }
}
