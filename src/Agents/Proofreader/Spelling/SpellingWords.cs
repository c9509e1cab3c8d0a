using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Spelling;

/// <summary>A word of a page that is worth looking up.</summary>
/// <param name="Lines">Where it stands, 1-based; as often as it does.</param>
internal sealed record SpellingWord(string Text, List<int> Lines);

/// <summary>Picks the words of a page that are ordinary language: no code, names, identifiers, abbreviations or addresses.</summary>
internal static class SpellingWords
{
    private const int ShortestWord = 3;

    // What a page says again and again is a word of its subject.
    private const int MostUses = 4;

    /// <summary>Each word once, in the order of the page.</summary>
    public static IReadOnlyCollection<SpellingWord> Of(MarkdownDocument document)
    {
        var words = new Dictionary<string, SpellingWord>();
        var names = new HashSet<string>();
        foreach (var prose in Prose.Of(document))
        {
            var sentenceStarts = Sentences.Of(prose).Select(sentence => FirstWord(prose, sentence)).ToHashSet();
            foreach (var word in prose.Words)
            {
                var text = prose.Text[word.Start..word.End];
                if (!IsOrdinary(text) || !StandsAlone(prose, word)) continue;
                // A capital in the middle of a sentence makes a name; in a heading it may be mere style.
                if (char.IsUpper(text[0]) && prose.Block.Kind is BlockKind.Paragraph && !sentenceStarts.Contains(word.Start)) names.Add(text);
                if (!words.TryGetValue(text, out var entry)) words.Add(text, entry = new SpellingWord(text, []));
                entry.Lines.Add(prose.Line(word.Start));
            }
        }
        return [.. words.Values.Where(word => !names.Contains(word.Text) && !Jargon.Contains(word.Text) && word.Lines.Count <= MostUses)];
    }

    private static int FirstWord(Prose prose, Sentence sentence)
    {
        foreach (var word in prose.Words)
        {
            if (word.Start >= sentence.Start) return word.Start;
        }
        return -1;
    }

    private static bool IsOrdinary(string word)
    {
        if (word.Length < ShortestWord) return false;
        for (var i = 0; i < word.Length; i++)
        {
            var isLetter = (char.IsLetter(word[i]) && word[i] < '\u0250') || word[i] is '\'' or '’';
            if (!isLetter || (i > 0 && char.IsUpper(word[i]))) return false;
        }
        return true;
    }

    // file.md, a/b, user@host, #tag, snake_case, $variable, 3rd: what touches such a sign is no word of a sentence.
    private static bool StandsAlone(Prose prose, ProseWord word)
    {
        var text = prose.Text;
        var start = word.Start;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1])) start--;
        var end = word.End;
        while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
        while (end > word.End && text[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or '"' or '”') end--;
        for (var i = start; i < end; i++)
        {
            if (i >= word.Start && i < word.End) continue;
            if (!prose.IsProse(i) && text[i] is not ('[' or ']' or '(' or '!')) return false;
            if (char.IsDigit(text[i]) || text[i] is '/' or '\\' or '@' or '#' or '.' or '$' or '%' or '=' or '+' or '<' or '>' or '{' or '}' or '~' or '^' or '|' or '&' or ':' or '-') return false;
            if (text[i] is '(' or ')' && i > start && i + 1 < end && char.IsLetter(text[i - 1])) return false;
            if (text[i] == '_' && i > start && i + 1 < end && (char.IsLetter(text[i - 1]) && char.IsLetter(text[i + 1]))) return false;
        }
        return true;
    }
}
