using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Search;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>Chooses which lines of a long passage to quote: those around the words that were asked for.</summary>
internal static class QuoteWindow
{
    private const int MaxLines = 18;
    private const int MaxLength = 1600;

    // What comes just before a match explains it.
    private const int LinesAhead = 3;

    /// <summary>The first and last index to quote, inclusive.</summary>
    /// <param name="found">The terms of each line.</param>
    public static (int First, int Last) Choose(ImmutableArray<QuotedLine> lines, uint[] found, TermWeights weights)
    {
        if (Fit(lines, 0) == lines.Length - 1) return (0, lines.Length - 1);
        var best = (First: 0, Weight: Weight(0));
        for (var first = 1; first < lines.Length; first++)
        {
            // Of windows that hold as much, the one at the passage's beginning is best.
            if (Weight(first) > best.Weight) best = (first, Weight(first));
        }
        var start = best.First;
        if (start > 0)
        {
            var match = Array.FindIndex(found, start, terms => terms != 0);
            var ahead = Math.Max(0, match - LinesAhead);
            if (Weight(ahead) >= best.Weight) start = ahead;
        }
        return (start, Fit(lines, start));

        double Weight(int first)
        {
            uint all = 0;
            for (var i = first; i <= Fit(lines, first); i++) all |= found[i];
            return weights.Of(all);
        }
    }

    private static int Fit(ImmutableArray<QuotedLine> lines, int first)
    {
        var length = 0;
        var last = first;
        for (var i = first; i < lines.Length && i - first < MaxLines; i++)
        {
            length += lines[i].Text.Length;
            if (length > MaxLength && i > first) break;
            last = i;
        }
        return last;
    }
}
