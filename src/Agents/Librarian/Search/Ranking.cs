using System.Collections.Immutable;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>
/// Ranks passages by BM25 while they come in. How much a word weighs is known only at the end, so all statistics are kept, but only as many passages as could still
/// become the best: when there are too many, those that are worst by what is known so far go.
/// </summary>
internal sealed class Ranking(int terms, int capacity = 4096)
{
    private const double Saturation = 1.2;
    private const double LengthNormalization = 0.75;
    private const double PairBonus = 0.6;

    // A passage of three words is not denser than a paragraph in any way that matters.
    private const int MinimumWords = 50;

    // In a handful of passages a word is in all of them or rare by mere chance; as part of so many it weighs about what it does elsewhere.
    private const int MinimumPassages = 100;

    private readonly List<Candidate> _candidates = [];
    private readonly int[] _passagesWith = new int[terms];
    private long _passages;
    private long _words;

    /// <summary>How many passages were looked at.</summary>
    public long Passages => _passages;

    /// <summary>How many passages hold at least one of the words.</summary>
    public long Matches { get; private set; }

    /// <summary>In how many passages each term stands.</summary>
    public ReadOnlySpan<int> PassagesWith => _passagesWith;

    /// <summary>Takes note of a passage that holds none of the words.</summary>
    public void Pass(int words)
    {
        _passages++;
        _words += words;
    }

    public void Add(Candidate candidate)
    {
        Pass(candidate.Words);
        Matches++;
        for (var i = 0; i < terms; i++)
        {
            if (candidate.Counts[i] > 0) _passagesWith[i]++;
        }
        _candidates.Add(candidate);
        if (_candidates.Count >= capacity * 2) Prune();
    }

    /// <summary>The passages that are left, best first; equal ones in the order in which they were added.</summary>
    public ImmutableArray<Candidate> Best()
    {
        foreach (var candidate in _candidates) candidate.Score = Score(candidate);
        return [.. _candidates.OrderByDescending(candidate => candidate.Score).Take(capacity)];
    }

    /// <summary>How much of what was asked for a passage holds, from 0 to 1: the mean of how many of the words, and of how much they weigh together. Words that stand nowhere weigh most.</summary>
    public double Coverage(Candidate candidate)
    {
        double found = 0;
        double asked = 0;
        var distinct = 0;
        for (var i = 0; i < terms; i++)
        {
            var weight = Weight(i);
            asked += weight;
            if (candidate.Counts[i] <= 0) continue;
            found += weight;
            distinct++;
        }
        return asked == 0 ? 0 : (found / asked + (double)distinct / terms) / 2;
    }

    /// <summary>How much each term says; the rarer, the more.</summary>
    public ImmutableArray<double> Weights() => [.. Enumerable.Range(0, terms).Select(Weight)];

    private void Prune()
    {
        var best = Best();
        _candidates.Clear();
        _candidates.AddRange(best);
    }

    private double Score(Candidate candidate)
    {
        var average = Math.Max(1.0, (double)_words / _passages);
        var length = 1 - LengthNormalization + LengthNormalization * Math.Max(candidate.Words, MinimumWords) / average;
        double score = 0;
        for (var i = 0; i < terms; i++)
        {
            var count = candidate.Counts[i];
            if (count <= 0) continue;
            score += Weight(i) * count * (Saturation + 1) / (count + Saturation * length);
            if ((candidate.Pairs & (1u << i)) != 0) score += PairBonus * Math.Min(Weight(i), Weight(i + 1));
        }
        // Two of three words once each beat one of them ten times.
        return score * (0.3 + 0.7 * Coverage(candidate)) * candidate.Prior;
    }

    private double Weight(int term) => Math.Log(1 + (Math.Max(_passages, MinimumPassages) - _passagesWith[term] + 0.5) / (_passagesWith[term] + 0.5));
}
