using System.Collections.Immutable;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>What a search has looked at so far.</summary>
internal sealed record SearchTally
{
    /// <summary>Text files that were searched.</summary>
    public int Files { get; init; }

    public long Passages { get; init; }

    /// <summary>Passages that hold at least one of the words.</summary>
    public long Matches { get; init; }

    /// <summary>Files and directories that could not be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Files that were larger than what is searched.</summary>
    public int TooLarge { get; init; }
}

/// <summary>A passage that answers, best first.</summary>
/// <param name="Coverage">How much of the question it holds, from 0 to 1.</param>
internal sealed record Hit(string Path, Passage Passage, double Score, double Coverage);

/// <summary>What a search found.</summary>
/// <param name="Hits">Passages that fit, best first; may be empty although words were found.</param>
/// <param name="Nearest">The passage that fits best of those that do not really; only where there are no hits.</param>
/// <param name="Missing">The words that stand nowhere; a name put together from words counts by these.</param>
internal sealed record SearchResult(SearchTally Tally, ImmutableArray<Hit> Hits, Hit? Nearest, ImmutableArray<QueryTerm> Missing, TermWeights Weights);
