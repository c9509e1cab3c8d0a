namespace OpAgent.Agents.Text.Ignore;

/// <summary>Shell patterns for one name: <c>*</c>, <c>?</c>, <c>[…]</c> and the backslash. Takes time proportional to pattern × name at worst, whatever the pattern.</summary>
internal static class Glob
{
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var p = 0;
        var n = 0;
        var star = -1;
        var starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = ++p;
                starName = n;
            }
            else if (p < pattern.Length && MatchOne(pattern, p, name[n], out var next))
            {
                p = next;
                n++;
            }
            else if (star >= 0)
            {
                p = star;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    private static bool MatchOne(ReadOnlySpan<char> pattern, int at, char c, out int next)
    {
        next = at + 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '\\':
                next = at + 2;
                return at + 1 < pattern.Length && pattern[at + 1] == c;
            case '[':
                return MatchSet(pattern, at + 1, c, out next);
            default:
                return pattern[at] == c;
        }
    }

    // A set that is never closed matches nothing, as in git.
    private static bool MatchSet(ReadOnlySpan<char> pattern, int at, char c, out int next)
    {
        var negated = at < pattern.Length && pattern[at] is '!' or '^';
        if (negated) at++;
        var found = false;
        for (var first = true; at < pattern.Length && (first || pattern[at] != ']'); first = false)
        {
            if (pattern[at] == '[' && at + 1 < pattern.Length && pattern[at + 1] == ':' && ClassEnd(pattern, at) is var end and >= 0)
            {
                found |= IsInClass(pattern[(at + 2)..end], c);
                at = end + 2;
                continue;
            }
            var low = Literal(pattern, ref at);
            var high = low;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                high = Literal(pattern, ref at);
            }
            found |= c >= low && c <= high;
        }
        next = at + 1;
        return at < pattern.Length && found != negated;
    }

    private static char Literal(ReadOnlySpan<char> pattern, ref int at)
    {
        if (pattern[at] == '\\' && at + 1 < pattern.Length) at++;
        return pattern[at++];
    }

    private static int ClassEnd(ReadOnlySpan<char> pattern, int at)
    {
        var end = pattern[at..].IndexOf(":]", StringComparison.Ordinal);
        return end < 0 ? -1 : at + end;
    }

    private static bool IsInClass(ReadOnlySpan<char> name, char c) => name switch
    {
        "alpha" => char.IsAsciiLetter(c),
        "digit" => char.IsAsciiDigit(c),
        "alnum" => char.IsAsciiLetterOrDigit(c),
        "upper" => char.IsAsciiLetterUpper(c),
        "lower" => char.IsAsciiLetterLower(c),
        "xdigit" => char.IsAsciiHexDigit(c),
        "space" => c is ' ' or (>= '\t' and <= '\r'),
        "blank" => c is ' ' or '\t',
        "punct" => c is > ' ' and < (char)127 && !char.IsAsciiLetterOrDigit(c),
        "print" => c is >= ' ' and < (char)127,
        "graph" => c is > ' ' and < (char)127,
        "cntrl" => c is < ' ' or (char)127,
        _ => false,
    };
}
