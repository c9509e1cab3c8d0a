using OpAgent.Core.Text;

namespace OpAgent.Acp.Folding;

/// <summary>A piece of what a tool call produced.</summary>
internal abstract record ToolPart
{
    // What an object costs beside its text, so that a million empty ones count too.
    protected const int Overhead = 64;

    /// <summary>How much of the turn's allowance the piece takes.</summary>
    public abstract int Weight { get; }

    /// <summary>The piece as Markdown.</summary>
    public abstract string Write();

    /// <summary>The beginning of the piece, or nothing where half of it means nothing.</summary>
    public abstract ToolPart Cut(int length);
}

/// <summary>A few words of Markdown.</summary>
internal sealed record MentionPart(string Markdown) : ToolPart
{
    public override int Weight => Markdown.Length + Overhead;

    public override string Write() => Markdown;

    public override ToolPart Cut(int length) => this with { Markdown = "" };
}

/// <summary>Text to show as it is.</summary>
internal sealed record FencePart(string Text, string Info = "") : ToolPart
{
    public override int Weight => Text.Length + Overhead;

    /// <summary>Text that may stand in a fence already, as some agents send it.</summary>
    public static FencePart FromText(string text)
    {
        var trimmed = text.AsSpan().Trim();
        var fence = trimmed.IndexOfAnyExcept('`') is var length and >= 3 ? trimmed[..length] : default;
        var first = trimmed.IndexOf('\n');
        var last = trimmed.LastIndexOf('\n');
        if (fence.IsEmpty || first < 0 || !trimmed[(last + 1)..].SequenceEqual(fence)) return new FencePart(text);
        var inner = first < last ? trimmed[(first + 1)..last] : default;
        // More than one fenced block, or a fence within: the text is shown as it was written.
        return inner.IndexOf(fence) >= 0 ? new FencePart(text) : new FencePart(inner.ToString(), trimmed[fence.Length..first].Trim().ToString());
    }

    public override string Write() => MarkdownFence.Wrap(Text, Info);

    public override ToolPart Cut(int length) => this with { Text = Shortened.Lines(Text, length) };
}
