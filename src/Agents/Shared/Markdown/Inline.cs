namespace OpAgent.Agents.Text.Markdown;

/// <summary>What a span of a block's text is, where it is more than words.</summary>
public enum InlineKind
{
    Code,
    Math,
    Html,

    /// <summary>A web address, in angle brackets or bare.</summary>
    Autolink,

    /// <summary>A link or image with its target in parentheses.</summary>
    Link,

    /// <summary>A link or image with a label: <c>[text][label]</c>, <c>[label][]</c> or, where the label is defined, <c>[label]</c>.</summary>
    Reference,

    /// <summary>A backslash and the punctuation that it takes the meaning from.</summary>
    Escape,
}

/// <summary>A span of a block's text; positions count in <see cref="BlockText.Text"/>.</summary>
/// <param name="Start">Of a link, its opening bracket or exclamation mark.</param>
/// <param name="End">Exclusive.</param>
public readonly record struct Inline(InlineKind Kind, int Start, int End)
{
    /// <summary>The text between a link's brackets.</summary>
    public Range Label { get; init; }

    /// <summary>A link's target without angle brackets and title, or a reference's label.</summary>
    public Range Target { get; init; }

    public bool IsImage { get; init; }

    /// <summary>True for a reference that repeats its text as label: <c>[label][]</c> and <c>[label]</c>.</summary>
    public bool IsShort { get; init; }
}
