using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>A sentence of a block, as a span of its text.</summary>
internal readonly record struct Sentence(int Start, int End);

/// <summary>Splits prose into sentences, and finds those that nobody can follow.</summary>
internal static class Sentences
{
    private const int MaxWords = 40;

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "e.g", "i.e", "eg", "ie", "etc", "vs", "cf", "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "fig", "approx", "inc", "ltd", "co", "corp", "resp", "al", "u.s", "u.k",
        "a.m", "p.m", "z.b", "d.h", "bzw", "ca", "usw", "p", "pp", "vol", "sec", "min", "max",
    };

    /// <summary>The sentences of a block in order. A hard line break ends one, too: verses and addresses are no sentences.</summary>
    public static IEnumerable<Sentence> Of(Prose prose)
    {
        var text = prose.Text;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!prose.IsProse(i)) continue;
            var end = text[i] switch
            {
                '.' or '!' or '?' or '…' => EndAfter(text, i),
                '。' or '！' or '？' => i + 1,
                '\n' when IsHardBreak(text, i) => i,
                _ => -1,
            };
            if (end < 0) continue;
            yield return new Sentence(start, end);
            start = end;
            i = Math.Max(i, end - 1);
        }
        if (start < text.Length) yield return new Sentence(start, text.Length);
    }

    /// <summary>Sentences of too many words. Code and addresses count as none.</summary>
    public static IEnumerable<Finding> TooLong(Prose prose)
    {
        if (prose.Block.Kind is not BlockKind.Paragraph) yield break;
        foreach (var sentence in Of(prose))
        {
            var words = prose.Words.Where(word => word.Start >= sentence.Start && word.End <= sentence.End).ToArray();
            if (words.Length <= MaxWords) continue;
            yield return new Finding(FindingKind.LongSentence, prose.Line(words[0].Start),
                $"very long sentence, {words.Length} words: “{Excerpt.Beginning(prose, words[0].Start, sentence.End, 6)}”");
        }
    }

    private static int EndAfter(string text, int i)
    {
        while (i + 1 < text.Length && text[i + 1] is '.' or '!' or '?' or '…') i++;
        while (i + 1 < text.Length && text[i + 1] is '"' or '\'' or '”' or '’' or ')' or ']' or '*' or '_' or '»') i++;
        if (i + 1 == text.Length) return i + 1;
        if (!char.IsWhiteSpace(text[i + 1])) return -1;
        var next = i + 1;
        while (next < text.Length && (char.IsWhiteSpace(text[next]) || text[next] is '*' or '_' or '(' or '[' or '"' or '“' or '‘' or '\'' or '`')) next++;
        if (next < text.Length && char.IsLower(text[next])) return -1;
        return IsAbbreviation(text, i) ? -1 : i + 1;
    }

    private static bool IsAbbreviation(string text, int dot)
    {
        if (text[dot] != '.') return false;
        var start = dot;
        while (start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] == '.')) start--;
        var word = text[start..dot];
        return (word.Length == 1 && char.IsUpper(word[0]) && word != "I") || Abbreviations.Contains(word);
    }

    private static bool IsHardBreak(string text, int newline) =>
        (newline > 1 && text[newline - 1] == ' ' && text[newline - 2] == ' ') || (newline > 0 && text[newline - 1] == '\\');
}
