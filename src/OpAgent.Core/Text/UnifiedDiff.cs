using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.Model;

namespace OpAgent.Core.Text;

/// <summary>What changed in a file, in the format that <c>diff -u</c> prints and <c>patch</c> reads.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;
    private const int MaxLength = 1024 * 1024;
    private const int MaxLines = 20_000;

    // Comparing takes time in proportion to this product in the worst case; 4,000 by 4,000 lines stay well under a second.
    private const long MaxComparisons = 16_000_000;

    /// <summary>
    /// The diff from <paramref name="oldText"/> (null for a new file) to <paramref name="newText"/>; empty where they are equal.
    /// Beyond 1 MiB or 20,000 lines it is a single line that says that the file differs.
    /// </summary>
    public static string Create(string? oldText, string newText, string path)
    {
        var name = TextForm.OneLine(path).TrimStart('/');
        if (oldText == newText) return "";
        if (IsTooLarge(oldText) || IsTooLarge(newText))
            return string.Create(CultureInfo.InvariantCulture, $"Files a/{name} and b/{name} differ ({oldText?.Length ?? 0:N0} and {newText.Length:N0} characters, too many to compare)\n");

        var (before, after) = (SplitLines(oldText ?? ""), SplitLines(newText));
        var diff = new StringBuilder();
        diff.Append(oldText is null ? "--- /dev/null\n" : $"--- a/{name}\n").Append("+++ b/").Append(name).Append('\n');
        foreach (var hunk in Hunks(Changes(before, after))) AppendHunk(diff, hunk, before, after);
        return diff.ToString();
    }

    private static bool IsTooLarge(string? text) => text is not null && (text.Length > MaxLength || text.AsSpan().Count('\n') > MaxLines);

    // A line keeps its \n, so that a last line without one differs from the same line with one.
    private static string[] SplitLines(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }
        return [.. lines];
    }

    /// <summary>The changed stretches. What both texts have in common at the ends is taken off first: most edits are small.</summary>
    private static List<DiffBlock> Changes(string[] before, string[] after)
    {
        var shorter = Math.Min(before.Length, after.Length);
        var head = 0;
        while (head < shorter && before[head] == after[head]) head++;
        var tail = 0;
        while (tail < shorter - head && before[^(tail + 1)] == after[^(tail + 1)]) tail++;

        var (deleted, inserted) = (before[head..^tail], after[head..^tail]);
        if ((long)deleted.Length * inserted.Length > MaxComparisons) return [new DiffBlock(head, deleted.Length, head, inserted.Length)];

        var result = Differ.Instance.CreateDiffs(string.Concat(deleted), string.Concat(inserted), ignoreWhiteSpace: false, ignoreCase: false, new LineChunker());
        return [.. result.DiffBlocks.Select(block => new DiffBlock(block.DeleteStartA + head, block.DeleteCountA, block.InsertStartB + head, block.InsertCountB))];
    }

    /// <summary>Puts changes whose context touches into one hunk.</summary>
    private static IEnumerable<List<DiffBlock>> Hunks(List<DiffBlock> changes)
    {
        var hunk = new List<DiffBlock>();
        foreach (var change in changes)
        {
            if (hunk.Count > 0 && change.DeleteStartA - (hunk[^1].DeleteStartA + hunk[^1].DeleteCountA) > 2 * Context)
            {
                yield return hunk;
                hunk = [];
            }
            hunk.Add(change);
        }
        if (hunk.Count > 0) yield return hunk;
    }

    private static void AppendHunk(StringBuilder diff, List<DiffBlock> hunk, string[] before, string[] after)
    {
        var (first, last) = (hunk[0], hunk[^1]);
        var lead = Math.Min(Context, first.DeleteStartA);
        var lastEnd = last.DeleteStartA + last.DeleteCountA;
        var trail = Math.Min(Context, before.Length - lastEnd);
        var (oldStart, newStart) = (first.DeleteStartA - lead, first.InsertStartB - lead);
        var oldCount = lastEnd + trail - oldStart;
        var newCount = last.InsertStartB + last.InsertCountB + trail - newStart;
        diff.Append("@@ -").Append(Range(oldStart, oldCount)).Append(" +").Append(Range(newStart, newCount)).Append(" @@\n");

        var position = oldStart;
        foreach (var change in hunk)
        {
            AppendLines(diff, ' ', before.AsSpan(position..change.DeleteStartA));
            AppendLines(diff, '-', before.AsSpan(change.DeleteStartA, change.DeleteCountA));
            AppendLines(diff, '+', after.AsSpan(change.InsertStartB, change.InsertCountB));
            position = change.DeleteStartA + change.DeleteCountA;
        }
        AppendLines(diff, ' ', before.AsSpan(position, trail));
    }

    // Lines count from 1; an empty range names the line before it.
    private static string Range(int start, int count) => count switch
    {
        1 => string.Create(CultureInfo.InvariantCulture, $"{start + 1}"),
        0 => string.Create(CultureInfo.InvariantCulture, $"{start},0"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{start + 1},{count}"),
    };

    private static void AppendLines(StringBuilder diff, char sign, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            diff.Append(sign).Append(line);
            if (!line.EndsWith('\n')) diff.Append("\n\\ No newline at end of file\n");
        }
    }

    private sealed class LineChunker : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => SplitLines(text);
    }
}
