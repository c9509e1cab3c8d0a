namespace OpAgent.Acp.Folding;

/// <summary>
/// How much a turn may compare. One comparison is bounded already, but an agent can send thousands of changes that are each as slow
/// as can be.
/// </summary>
internal sealed class DiffLimit
{
    // Lines of the old text times lines of the new text, without what they have in common at the ends; some seconds in the worst case.
    private long _left = 100_000_000;

    public ToolPart Compare(DiffPart diff)
    {
        var cost = Cost(diff.OldText, diff.NewText);
        if (cost > _left) return new MentionPart($"{ContentMention.Code(diff.Path)} changed; too much changed in this turn to show how.");
        _left -= cost;
        return diff.Compare();
    }

    private static long Cost(ReadOnlySpan<char> before, ReadOnlySpan<char> after)
    {
        var head = before.CommonPrefixLength(after);
        before = before[head..];
        after = after[head..];
        var tail = 0;
        while (tail < Math.Min(before.Length, after.Length) && before[^(tail + 1)] == after[^(tail + 1)]) tail++;
        return (long)before[..^tail].Count('\n') * after[..^tail].Count('\n');
    }
}
