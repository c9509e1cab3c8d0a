namespace OpAgent.Acp.Folding;

/// <summary>Cuts text that is longer than it may be.</summary>
internal static class Shortened
{
    /// <summary>At most <paramref name="length"/> characters; an ellipsis says that something is missing.</summary>
    public static string Text(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    /// <summary>The beginning of a text, up to a line end where one is in its second half.</summary>
    public static string Lines(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = text.LastIndexOf('\n', length - 1);
        return text[..(end > length / 2 ? end : length)];
    }
}
