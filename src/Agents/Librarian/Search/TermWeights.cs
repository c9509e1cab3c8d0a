using System.Collections.Immutable;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>How much each word of a query says, as a search has learnt: what stands everywhere says little.</summary>
internal sealed class TermWeights(Query query, ImmutableArray<double> weights)
{
    private readonly TermCounter _counter = new(query);

    /// <summary>The terms of a line of text; bit i is the query's term i.</summary>
    public uint Find(string line)
    {
        _counter.Reset();
        _counter.AddProse(line);
        return _counter.Found;
    }

    /// <summary>The weight of a set of terms together.</summary>
    public double Of(uint terms)
    {
        double sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if ((terms & (1u << i)) != 0) sum += weights[i];
        }
        return sum;
    }
}
