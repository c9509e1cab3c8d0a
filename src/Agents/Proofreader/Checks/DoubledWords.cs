using OpAgent.Agents.Text.Markdown;
using OpAgent.Core;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>Finds words that stand twice in a row: "the the".</summary>
internal static class DoubledWords
{
    // Said twice on purpose, or right in some language; a person decides.
    private static readonly HashSet<string> Doubtful = new(StringComparer.OrdinalIgnoreCase)
    {
        "had", "that", "do", "very", "really", "so", "no", "yes", "bye", "ha", "blah", "many", "much", "far", "never", "long", "knock", "now", "there",
        "nous", "vous", "die", "der", "das", "sie", "si",
    };

    public static IEnumerable<Finding> In(Prose prose)
    {
        for (var i = 1; i < prose.Words.Length; i++)
        {
            var (first, second) = (prose.Words[i - 1], prose.Words[i]);
            if (!IsDoubled(prose, first, second)) continue;
            var shown = prose.Shown(first.Start, second.End);
            yield return new Finding(FindingKind.DoubledWord, prose.Line(second.Start), $"doubled word “{shown}”") { Deletions = Deletion(prose, first, second) };
        }
    }

    private static bool IsDoubled(Prose prose, ProseWord first, ProseWord second)
    {
        var text = prose.Text;
        var one = text.AsSpan(first.Start..first.End);
        var other = text.AsSpan(second.Start..second.End);
        if (!one.Equals(other, StringComparison.OrdinalIgnoreCase) || !IsOrdinary(one)) return false;
        // "in In 2020" is rather a lost full stop.
        if (char.IsUpper(other[0]) && !char.IsUpper(one[0])) return false;
        var between = text.AsSpan(first.End..second.Start);
        if (!between.IsWhiteSpace() || between.Count('\n') > 1 || between.Contains("  \n", StringComparison.Ordinal)) return false;
        for (var i = first.End; i < second.Start; i++)
        {
            if (!prose.IsProse(i)) return false;
        }
        return IsFree(text, first.Start - 1, -1) && IsFree(text, second.End, 1);
    }

    // Numbers and single letters repeat in tables and formulas, capitals in the names of constants.
    private static bool IsOrdinary(ReadOnlySpan<char> word)
    {
        if (word.Length == 1) return word[0] is 'a' or 'A' or 'I';
        foreach (var c in word)
        {
            if (!char.IsLetter(c) && c is not ('\'' or '’')) return false;
        }
        foreach (var c in word[1..])
        {
            if (char.IsUpper(c)) return false;
        }
        return true;
    }

    // Beside "step by by-pass" or "a.the the" the word is a part of something longer.
    private static bool IsFree(string text, int at, int direction)
    {
        if (at < 0 || at >= text.Length || char.IsWhiteSpace(text[at])) return true;
        if (direction < 0) return text[at] is '(' or '[' or '"' or '“' or '‘' or '\'' or '*' or '_' or '—' or '–';
        if (text[at] is '.' or ':') return at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]) || text[at + 1] is '"' or '”' or ')' or '*' or '_';
        return text[at] is ',' or ';' or '!' or '?' or ')' or ']' or '"' or '”' or '’' or '*' or '_' or '…' or '—' or '–';
    }

    private static ValueList<Range> Deletion(Prose prose, ProseWord first, ProseWord second)
    {
        var text = prose.Text;
        if (prose.Block.Kind is BlockKind.Table || Doubtful.Contains(text[first.Start..first.End])) return [];
        if (!text.AsSpan(first.End..second.Start).Contains('\n')) return [prose.InSource(first.End, second.End)];
        // Over the end of a line the first word goes, so that the next line begins as it did and no block changes.
        var start = first.Start;
        while (start > 0 && text[start - 1] == ' ') start--;
        var isAlone = start == first.Start || start == 0 || text[start - 1] == '\n';
        var losesCapital = char.IsUpper(text[first.Start]) && !char.IsUpper(text[second.Start]);
        return isAlone || losesCapital ? [] : [prose.InSource(start, first.End)];
    }
}
