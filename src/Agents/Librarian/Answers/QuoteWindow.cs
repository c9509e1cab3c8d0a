using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Search;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>Chooses which lines of a long passage to quote: those around the words that were asked for.</summary>
internal static class QuoteWindow
{
    private const int MaxLines = 18;
    private const int MaxLength = 1600;

    /// <summary>The first and last index to quote, inclusive.</summary>
    /// <param name="found">The terms of each line.</param>
    public static (int First, int Last) Choose(ImmutableArray<QuotedLine> lines, uint[] found, TermWeights weights)
    {
        if (Fit(lines, 0) == lines.Length - 1) return (0, lines.Length - 1);
        var best = (First: 0, Weight: 0.0);
        for (var first = 0; first < lines.Length; first++)
        {
            uint all = 0;
            for (var i = first; i <= Fit(lines, first); i++) all |= found[i];
            // Of windows that hold as much, the first one begins where the passage does.
            if (weights.Of(all) > best.Weight) best = (first, weights.Of(all));
        }
        var start = best.First;
        // Better to begin with the paragraph than in the middle of it.
        while (start > 0 && best.First - start < 3 && lines[start - 1].Text.Length > 0) start--;
        return (start, Fit(lines, start));
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
