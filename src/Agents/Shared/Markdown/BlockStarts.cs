namespace OpAgent.Agents.Text.Markdown;

/// <summary>How the blocks of CommonMark (and GitHub's tables) begin. Every method is given a line without its indentation and says by its result whether it matches.</summary>
public static class BlockStarts
{
    /// <summary>The heading's level, or 0.</summary>
    public static int HeadingLevel(ReadOnlySpan<char> rest)
    {
        var level = 0;
        while (level < rest.Length && rest[level] == '#') level++;
        return level is >= 1 and <= 6 && (level == rest.Length || rest[level] is ' ' or '\t') ? level : 0;
    }

    /// <summary>The text of a heading line without its number signs, as offset and length.</summary>
    public static (int Start, int Length) HeadingText(ReadOnlySpan<char> rest, int level)
    {
        var start = level;
        while (start < rest.Length && rest[start] is ' ' or '\t') start++;
        var text = rest[start..].TrimEnd(" \t");
        var unclosed = text.TrimEnd('#');
        if (unclosed.IsEmpty || (unclosed.Length < text.Length && unclosed[^1] is ' ' or '\t')) text = unclosed.TrimEnd(" \t");
        return (start, text.Length);
    }

    /// <summary>The level that an underline gives the paragraph above it, or 0.</summary>
    public static int UnderlineLevel(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimEnd(" \t");
        if (rest.IsEmpty) return 0;
        return rest.IndexOfAnyExcept('=') < 0 ? 1 : rest.IndexOfAnyExcept('-') < 0 ? 2 : 0;
    }

    public static bool IsRule(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] is not ('-' or '*' or '_')) return false;
        var marks = 0;
        foreach (var c in rest)
        {
            if (c == rest[0]) marks++;
            else if (c is not (' ' or '\t')) return false;
        }
        return marks >= 3;
    }

    /// <summary>The length of an opening fence, or 0.</summary>
    public static int FenceLength(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] is not ('`' or '~')) return 0;
        var length = rest.IndexOfAnyExcept(rest[0]);
        if (length < 0) length = rest.Length;
        return length >= 3 && (rest[0] == '~' || !rest[length..].Contains('`')) ? length : 0;
    }

    public static bool ClosesFence(ReadOnlySpan<char> rest, char fence, int length)
    {
        rest = rest.TrimEnd(" \t");
        return rest.Length >= length && rest.IndexOfAnyExcept(fence) < 0;
    }

    /// <summary>The length of a list marker, or 0; and whether it may follow a paragraph without a blank line between.</summary>
    public static int ListMarkerLength(ReadOnlySpan<char> rest, out bool interruptsParagraph)
    {
        interruptsParagraph = false;
        var length = 0;
        if (!rest.IsEmpty && rest[0] is '-' or '+' or '*')
        {
            length = 1;
            interruptsParagraph = true;
        }
        else
        {
            while (length < rest.Length && length < 9 && char.IsAsciiDigit(rest[length])) length++;
            if (length == 0 || length == rest.Length || rest[length] is not ('.' or ')')) return 0;
            interruptsParagraph = length == 1 && rest[0] == '1';
            length++;
        }
        if (length < rest.Length && rest[length] is not (' ' or '\t')) return 0;
        interruptsParagraph &= !rest[length..].IsWhiteSpace();
        return length;
    }

    /// <summary>The row of dashes under a table's head.</summary>
    public static bool IsDelimiterRow(ReadOnlySpan<char> rest)
    {
        if (!rest.Contains('-') || !(rest.Contains('|') || rest.Contains(':'))) return false;
        return rest.IndexOfAnyExcept("|:- \t") < 0;
    }

    /// <summary>Reads a link reference definition. Footnotes are none.</summary>
    /// <param name="target">Where the target stands in <paramref name="rest"/>, without angle brackets.</param>
    public static bool IsDefinition(ReadOnlySpan<char> rest, out Range label, out Range target)
    {
        label = target = default;
        if (rest.Length < 4 || rest[0] != '[' || rest[1] == '^') return false;
        var close = 1;
        while (close < rest.Length && rest[close] is not (']' or '[')) close += rest[close] == '\\' ? 2 : 1;
        if (close + 1 >= rest.Length || rest[close] != ']' || rest[close + 1] != ':' || rest[1..close].IsWhiteSpace()) return false;
        var start = close + 2;
        while (start < rest.Length && rest[start] is ' ' or '\t') start++;
        if (start == rest.Length) return false;
        int end;
        int next;
        if (rest[start] == '<')
        {
            var length = rest[++start..].IndexOf('>');
            if (length < 0) return false;
            end = start + length;
            next = end + 1;
        }
        else
        {
            var length = rest[start..].IndexOfAny(' ', '\t');
            next = end = length < 0 ? rest.Length : start + length;
        }
        label = 1..close;
        target = start..end;
        var title = rest[next..].Trim();
        return title.IsEmpty || (title.Length > 1 && (title[0], title[^1]) is ('"', '"') or ('\'', '\'') or ('(', ')'));
    }
}
