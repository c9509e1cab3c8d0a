using OpAgent.Core;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>What a finding is about.</summary>
internal enum FindingKind
{
    DoubledWord,
    TrailingSpace,
    DoubleSpace,
    Bracket,
    Quote,
    LongSentence,
    HeadingLevel,
    BrokenLink,
    RepeatedPhrase,
    Spelling,
}

/// <summary>Something in a page that may be wrong.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Text">What it is, as Markdown.</param>
internal sealed record Finding(FindingKind Kind, int Line, string Text)
{
    /// <summary>What to take out of the source to put it right; none where a person has to decide. Every fix is a deletion.</summary>
    public ValueList<Range> Deletions { get; init; } = [];

    public bool IsFixable => Deletions.Count > 0;
}
