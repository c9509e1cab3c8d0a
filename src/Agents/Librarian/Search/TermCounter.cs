using OpAgent.Agents.Librarian.Words;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>Counts the words of a query in one passage at a time. It is used again and again and allocates nothing.</summary>
internal sealed class TermCounter
{
    // With a small word or two between, "limiting of the rate" still reads as one thing.
    private const int PairDistance = 3;

    // A word inside a name says less than one that somebody wrote out.
    private const float PartWeight = 0.5f;

    // Who asks for a name by its exact spelling wants the places that spell it so.
    private const float CompoundWeight = 4;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _terms;
    private readonly float[] _counts;
    private readonly char[] _buffer = new char[WordReader.BufferLength];
    private int _position;
    private int _previous;
    private int _previousPosition;

    public TermCounter(Query query)
    {
        var terms = new Dictionary<string, int>();
        for (var i = 0; i < query.Terms.Length; i++) terms.Add(query.Terms[i].Stem, i);
        _terms = terms.GetAlternateLookup<ReadOnlySpan<char>>();
        _counts = new float[query.Terms.Length];
    }

    /// <summary>How often each term stands in what was added, weighted.</summary>
    public ReadOnlySpan<float> Counts => _counts;

    /// <summary>Bit i is set where term i+1 follows close after term i.</summary>
    public uint Pairs { get; private set; }

    /// <summary>Bit i is set for a term that was found.</summary>
    public uint Found { get; private set; }

    public void Reset()
    {
        Array.Clear(_counts);
        Pairs = Found = 0;
        BeginText();
    }

    /// <summary>Says that what is added next does not follow on what was added before, so that their words are no neighbours.</summary>
    public void BeginText()
    {
        _position = 0;
        _previous = -1;
    }

    /// <summary>Adds text, whose words are counted with a weight; the number of its words.</summary>
    public int Add(ReadOnlySpan<char> text, float weight)
    {
        var start = _position;
        var reader = new WordReader(text, _buffer);
        while (reader.Read())
        {
            if (reader.Kind is TokenKind.Word or TokenKind.Part or TokenKind.Ideograph) _position++;
            if (!_terms.TryGetValue(reader.Stem, out var term)) continue;
            _counts[term] += weight * (reader.Kind switch { TokenKind.Part => PartWeight, TokenKind.Compound => CompoundWeight, _ => 1 });
            Found |= 1u << term;
            if (_previous >= 0 && _previous == term - 1 && _position - _previousPosition <= PairDistance) Pairs |= 1u << _previous;
            (_previous, _previousPosition) = (term, _position);
        }
        return _position - start;
    }

    /// <summary>Adds prose without the targets of its links: a list of links is not about what their addresses repeat.</summary>
    public int AddProse(ReadOnlySpan<char> text)
    {
        var words = 0;
        while (text.IndexOf("](", StringComparison.Ordinal) is var link and >= 0)
        {
            words += Add(text[..link], 1);
            text = text[(link + 2)..];
            var end = text.IndexOfAny(')', '\n');
            text = end < 0 ? [] : text[(end + 1)..];
        }
        return words + Add(text, 1);
    }
}
