using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Words;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>A word that a question asks for.</summary>
/// <param name="Stem">As passages are compared with.</param>
/// <param name="Shown">As it stood in the question.</param>
/// <param name="Kind">A word, a name put together from words, or a word inside such a name.</param>
internal sealed record QueryTerm(string Stem, string Shown, TokenKind Kind);

/// <summary>The words of a question that say what it is about, each once, in their order.</summary>
internal sealed class Query
{
    /// <summary>More words than that make a question no clearer.</summary>
    public const int MaxTerms = 32;

    private Query(ImmutableArray<QueryTerm> terms) => Terms = terms;

    public ImmutableArray<QueryTerm> Terms { get; }

    /// <summary>The words as a person sees them: a name as a whole, without the words inside it.</summary>
    public IEnumerable<QueryTerm> Shown => Terms.Where(term => term.Kind is not TokenKind.Part);

    /// <summary>True for a question of nothing but small words, such as "and where is that?".</summary>
    public bool IsEmpty => Terms.IsEmpty;

    public static Query Parse(string question)
    {
        var strong = Collect(question, withWeak: false);
        return new Query(strong.IsEmpty ? Collect(question, withWeak: true) : strong);
    }

    private static ImmutableArray<QueryTerm> Collect(string question, bool withWeak)
    {
        var terms = new Dictionary<string, QueryTerm>();
        var reader = new WordReader(question, stackalloc char[WordReader.BufferLength]);
        while (terms.Count < MaxTerms && reader.Read())
        {
            if (reader.Folded.IsEmpty || (reader.Kind is TokenKind.Ideograph && !reader.IsAlone)) continue;
            if (reader.Kind is TokenKind.Word or TokenKind.Part && IsSmall(reader.Folded, withWeak)) continue;
            var term = new QueryTerm(reader.Stem.ToString(), reader.Shown.ToString(), reader.Kind);
            terms.TryAdd(term.Stem, term);
        }
        return [.. terms.Values];
    }

    private static bool IsSmall(ReadOnlySpan<char> folded, bool withWeak) => StopWords.Contains(folded) || (!withWeak && StopWords.IsWeak(folded));
}
