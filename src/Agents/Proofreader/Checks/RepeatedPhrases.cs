using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>
/// Finds what is said again in the same words: a group of words twice in a row, a phrase twice in a paragraph, a sentence twice in the text under one heading.
/// One instance serves one page. Lists repeat sentences on purpose and are left out of the last.
/// </summary>
internal sealed class RepeatedPhrases
{
    private const int PhraseWords = 5;
    private const int LongestGroup = 4;
    private const int SentenceWords = 8;

    private readonly Dictionary<string, int> _sentences = [];

    public IEnumerable<Finding> In(Prose prose)
    {
        if (prose.Block.Kind is BlockKind.Heading) _sentences.Clear();
        if (prose.Block.Kind is not BlockKind.Paragraph) yield break;
        var phrases = new Dictionary<string, int>();
        foreach (var sentence in Sentences.Of(prose))
        {
            var words = prose.Words.Where(word => word.Start >= sentence.Start && word.End <= sentence.End).ToArray();
            if (words.Length == 0) continue;
            if (RepeatedSentence(prose, words) is { } repeated)
            {
                yield return repeated;
                continue;
            }
            foreach (var finding in Groups(prose, words)) yield return finding;
            foreach (var finding in Phrases(prose, words, phrases)) yield return finding;
        }
    }

    private Finding? RepeatedSentence(Prose prose, ProseWord[] words)
    {
        if (words.Length < SentenceWords || prose.Block.Depth > 0) return null;
        var line = prose.Line(words[0].Start);
        var text = prose.Shown(words[0].Start, words[^1].End);
        if (_sentences.TryAdd(text.ToLowerInvariant(), line)) return null;
        return new Finding(FindingKind.RepeatedPhrase, line,
            $"repeated sentence, already on line {_sentences[text.ToLowerInvariant()]}: “{Excerpt.Beginning(prose, words[0].Start, words[^1].End, 6)}”");
    }

    /// <summary>"of the of the": two to four words, then the same again with nothing but spaces between.</summary>
    private static IEnumerable<Finding> Groups(Prose prose, ProseWord[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            for (var length = 2; length <= LongestGroup && i + 2 * length <= words.Length; length++)
            {
                var first = words.AsSpan(i, length);
                var second = words.AsSpan(i + length, length);
                var whole = prose.Text.AsSpan(first[0].Start..second[^1].End);
                if (Key(prose, first) != Key(prose, second) || whole.IndexOfAny(",;:|/") >= 0 || first[0].End - first[0].Start < 2 || IsOneWord(prose, first)) continue;
                if (Enumerable.Range(first[0].Start, whole.Length).Any(at => !prose.IsProse(at))) continue;
                yield return new Finding(FindingKind.RepeatedPhrase, prose.Line(second[0].Start), $"repeated phrase “{Citation.Escape(prose.Shown(first[0].Start, second[^1].End))}”");
                i += 2 * length - 1;
                break;
            }
        }
    }

    /// <summary>The same five or more words once more in a paragraph.</summary>
    private static IEnumerable<Finding> Phrases(Prose prose, ProseWord[] words, Dictionary<string, int> seen)
    {
        for (var i = 0; i + PhraseWords <= words.Length; i++)
        {
            if (!IsUnbroken(prose, words[i], words[i + PhraseWords - 1])) continue;
            var key = Key(prose, words.AsSpan(i, PhraseWords));
            if (!seen.TryGetValue(key, out var line))
            {
                seen.Add(key, prose.Line(words[i].Start));
                continue;
            }
            var last = i + PhraseWords - 1;
            while (last + 1 < words.Length && IsUnbroken(prose, words[i], words[last + 1]) && seen.ContainsKey(Key(prose, words.AsSpan(last + 2 - PhraseWords, PhraseWords)))) last++;
            var where = line == prose.Line(words[i].Start) ? "earlier in the line" : $"on line {line}";
            yield return new Finding(FindingKind.RepeatedPhrase, prose.Line(words[i].Start), $"repeated phrase “{Citation.Escape(prose.Shown(words[i].Start, words[last].End))}”, already {where}");
            i = last;
        }
    }

    private static bool IsUnbroken(Prose prose, ProseWord first, ProseWord last)
    {
        for (var i = first.Start; i < last.End; i++)
        {
            if (!prose.IsProse(i) || prose.Text[i] is ',' or ';' or ':' or '(' or ')' or '|') return false;
        }
        return true;
    }

    private static bool IsOneWord(Prose prose, ReadOnlySpan<ProseWord> words)
    {
        foreach (var word in words)
        {
            if (!prose.Text.AsSpan(word.Start..word.End).Equals(prose.Text.AsSpan(words[0].Start..words[0].End), StringComparison.OrdinalIgnoreCase)) return false;
        }
        return true;
    }

    private static string Key(Prose prose, ReadOnlySpan<ProseWord> words)
    {
        var parts = new string[words.Length];
        for (var i = 0; i < words.Length; i++) parts[i] = prose.Text[words[i].Start..words[i].End].ToLowerInvariant();
        return string.Join(' ', parts);
    }
}
