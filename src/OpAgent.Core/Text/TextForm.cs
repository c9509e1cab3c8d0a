using System.Buffers;
using System.Globalization;
using System.Text;

namespace OpAgent.Core.Text;

/// <summary>The form that text has in OpAgent's files: whole Unicode, <c>\n</c> between lines, no blank lines around it.</summary>
internal static class TextForm
{
    private const char Replacement = '\uFFFD';
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    /// <summary>Replaces NUL and lone surrogates, which no UTF-8 file can hold, by U+FFFD. The length stays.</summary>
    public static string Scrub(string text)
    {
        var first = text.AsSpan().IndexOfAny(Suspects);
        if (first < 0) return text;

        var chars = text.ToCharArray();
        for (var i = first; i < chars.Length; i++)
        {
            if (char.IsHighSurrogate(chars[i]) && i + 1 < chars.Length && char.IsLowSurrogate(chars[i + 1])) i++;
            else if (chars[i] == '\0' || char.IsSurrogate(chars[i])) chars[i] = Replacement;
        }
        return new string(chars);
    }

    /// <summary>Scrubbed text whose lines end in <c>\n</c>.</summary>
    public static string Lines(string text)
    {
        var scrubbed = Scrub(text);
        return scrubbed.Contains('\r') ? scrubbed.Replace("\r\n", "\n").Replace('\r', '\n') : scrubbed;
    }

    /// <summary><see cref="Lines"/> without blank lines before and after; the first line keeps its indentation, the last its trailing spaces.</summary>
    public static string Block(string text)
    {
        var lines = Lines(text);
        var trimmed = TrimBlankLines(lines);
        return trimmed.Length == lines.Length ? lines : trimmed.ToString();
    }

    public static ReadOnlySpan<char> TrimBlankLines(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is var end && end >= 0 && IsBlank(text[..end])) text = text[(end + 1)..];
        while (text.LastIndexOf('\n') is var end && end >= 0 && IsBlank(text[(end + 1)..])) text = text[..end];
        return IsBlank(text) ? [] : text;
    }

    public static bool IsBlank(ReadOnlySpan<char> line) => line.IndexOfAnyExcept(' ', '\t') < 0;

    /// <summary>Scrubbed text on one line: line breaks and control characters become one space, the ends are trimmed.</summary>
    public static string OneLine(string text)
    {
        var scrubbed = Scrub(text);
        if (!scrubbed.AsSpan().ContainsAnyInRange('\0', '\u001F') && !scrubbed.Any(IsBreak)) return scrubbed.Trim();

        var line = new StringBuilder(scrubbed.Length);
        var pending = false;
        foreach (var c in scrubbed)
        {
            if (IsBreak(c))
            {
                pending = true;
                continue;
            }
            if (pending) line.Append(' ');
            pending = false;
            line.Append(c);
        }
        return line.ToString().Trim();
    }

    /// <summary>At most <paramref name="length"/> characters, with an ellipsis where something was cut off and no character cut in two.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = length - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static bool IsBreak(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
