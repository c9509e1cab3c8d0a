using System.Text;

namespace OpAgent.Core.Conversations;

/// <summary>Which lines of a conversation file are structure, and how lines of text that look like it are told apart.</summary>
internal static class MarkerLine
{
    private const string Opening = "<!-- ";
    private const string Closing = "-->";
    private const string DetailsEnd = "</details>";
    private static readonly string[] Words = ["turn", "tool", "plan", "thought", "notice"];

    public static bool IsMarker(ReadOnlySpan<char> line) => WordOf(line) is not null;

    public static bool IsDetailsEnd(ReadOnlySpan<char> line) => line.TrimEnd(" \t").SequenceEqual(DetailsEnd);

    /// <summary>The marker's word and what stands between it and <c>--&gt;</c>; null where the marker has no end.</summary>
    public static (string Word, string Json)? Split(ReadOnlySpan<char> line)
    {
        var trimmed = line.TrimEnd(" \t");
        if (WordOf(line) is not { } word || !trimmed.EndsWith(Closing)) return null;
        var start = Opening.Length + word.Length;
        return (word, trimmed[start..^Closing.Length].Trim().ToString());
    }

    /// <summary>True for structure behind at least one <c>\</c>.</summary>
    public static bool IsEscaped(ReadOnlySpan<char> line, bool inDetails) => line.StartsWith('\\') && IsLookAlike(line, inDetails);

    /// <summary>Puts a <c>\</c> before every line that looks like structure, with or without one before it.</summary>
    public static string Escape(string text, bool inDetails)
    {
        if (!text.Contains(Opening) && !(inDetails && text.Contains(DetailsEnd))) return text;

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            if (range.Start.Value > 0) escaped.Append('\n');
            if (IsLookAlike(line, inDetails)) escaped.Append('\\');
            escaped.Append(line);
        }
        return escaped.ToString();
    }

    /// <summary>Undoes <see cref="Escape"/>.</summary>
    public static string Unescape(ReadOnlySpan<char> text, bool inDetails)
    {
        var unescaped = new StringBuilder(text.Length);
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            if (range.Start.Value > 0) unescaped.Append('\n');
            unescaped.Append(IsEscaped(line, inDetails) ? line[1..] : line);
        }
        return unescaped.ToString();
    }

    private static bool IsLookAlike(ReadOnlySpan<char> line, bool inDetails)
    {
        var bare = line.TrimStart('\\');
        return IsMarker(bare) || (inDetails && IsDetailsEnd(bare));
    }

    private static string? WordOf(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith(Opening)) return null;
        var rest = line[Opening.Length..];
        foreach (var word in Words)
        {
            if (rest.StartsWith(word) && (rest.Length == word.Length || !IsWordCharacter(rest[word.Length]))) return word;
        }
        return null;
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
