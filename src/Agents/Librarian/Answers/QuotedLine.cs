namespace OpAgent.Agents.Librarian.Answers;

/// <summary>A line that may be quoted.</summary>
/// <param name="Number">1-based, in its file.</param>
/// <param name="Text">As it can stand in an answer: not too long, and with links that start from the searched directory.</param>
internal sealed record QuotedLine(int Number, string Text)
{
    /// <summary>The line that a reader is sent to for this one: where its paragraph or list item begins, and in a table the row itself. 0 for a table's head and for a picture.</summary>
    public int CitedLine { get; init; } = Number;

    /// <summary>What has to stand before this line when a quote begins with it: the fence of its code block, the head of its table.</summary>
    public IReadOnlyList<string>? Opening { get; init; }

    /// <summary>What has to stand after this line when a quote ends with it: the closing fence.</summary>
    public string? Closing { get; init; }
}
