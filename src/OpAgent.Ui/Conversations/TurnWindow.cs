namespace OpAgent.Ui.Conversations;

/// <summary>Which turns of a long conversation are drawn.</summary>
/// <param name="First">The index of the first one.</param>
/// <param name="End">The index after the last one; null for up to the end, wherever that is by then.</param>
/// <param name="IsReading">The reader went back, so that nothing above may go away by itself.</param>
internal readonly record struct TurnWindow(int First, int? End, bool IsReading)
{
    private const int Step = 40;
    private const int Most = 4 * Step;
    private const int Context = 5;

    /// <summary>The latest turns.</summary>
    public static TurnWindow AtEnd(int count) => new(Math.Max(0, count - Step), null, false);

    /// <summary>The turns around one that was asked for.</summary>
    public static TurnWindow Around(int index, int count)
    {
        var first = Math.Max(0, index - Context);
        return new(first, EndFrom(first + Step, count), true);
    }

    public TurnWindow Earlier(int count)
    {
        var first = Math.Max(0, First - Step);
        return new(first, EndFrom(Math.Min(End ?? count, first + Most), count), true);
    }

    public TurnWindow Later(int count)
    {
        var end = Math.Min((End ?? count) + Step, count);
        return new(Math.Max(First, end - Most), EndFrom(end, count), true);
    }

    /// <summary>After the conversation has grown: the oldest go, or for somebody who reads them the newest stay out.</summary>
    public TurnWindow Grown(int count)
    {
        if (End is not null || count - First <= Most) return this;
        return IsReading ? this with { End = First + Most } : AtEnd(count);
    }

    private static int? EndFrom(int end, int count) => end < count ? end : null;
}
