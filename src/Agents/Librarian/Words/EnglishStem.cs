namespace OpAgent.Agents.Librarian.Words;

/// <summary>
/// Takes the commonest English endings off a folded word, so that "configure", "configured" and "configuration" meet. It is gentler than Porter's algorithm,
/// which makes "authorization" and "author" one word. Words of other languages lose a letter or two at both ends of the comparison, which does no harm.
/// </summary>
internal static class EnglishStem
{
    /// <summary>The length that remains of the word.</summary>
    public static int Length(ReadOnlySpan<char> word)
    {
        if (word.Length < 4 || word.IndexOfAnyExceptInRange('a', 'z') >= 0) return word.Length;
        word = WithoutPlural(word);
        word = WithoutTense(word);
        word = WithoutNoun(word);
        while (word.Length > 3 && word[^1] is 'e' or 'y' or 'i') word = word[..^1];
        // stopped, cancelled: the last letter was doubled only for the ending.
        return word.Length > 3 && word[^1] == word[^2] ? word.Length - 1 : word.Length;
    }

    private static ReadOnlySpan<char> WithoutPlural(ReadOnlySpan<char> word)
    {
        if (Ends(word, "sses", 2) || Ends(word, "xes", 2) || Ends(word, "ches", 3) || Ends(word, "shes", 3)) return word[..^2];
        if (word is "https") return word;
        return word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') ? word[..^1] : word;
    }

    private static ReadOnlySpan<char> WithoutTense(ReadOnlySpan<char> word)
    {
        var length = Ends(word, "ing", 3) ? word.Length - 3 : Ends(word, "ed", 3) ? word.Length - 2 : 0;
        if (length == 0 || word[..length].IndexOfAny("aeiouy") < 0) return word;
        return word[..length];
    }

    private static ReadOnlySpan<char> WithoutNoun(ReadOnlySpan<char> word)
    {
        if (Ends(word, "ation", 4)) return word[..^5];
        if (Ends(word, "ate", 5)) return word[..^3];
        if (Ends(word, "at", 5)) return word[..^2];
        if (Ends(word, "tion", 4) || Ends(word, "sion", 4)) return word[..^3];
        if (Ends(word, "ment", 4) || Ends(word, "ness", 4)) return word[..^4];
        return Ends(word, "ly", 4) ? word[..^2] : word;
    }

    private static bool Ends(ReadOnlySpan<char> word, string ending, int minimum) =>
        word.Length >= ending.Length + minimum && word.EndsWith(ending, StringComparison.Ordinal);
}
