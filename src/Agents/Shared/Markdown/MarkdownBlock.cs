using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>What a run of lines is.</summary>
public enum BlockKind
{
    Paragraph,
    Heading,

    /// <summary>A fenced or indented code block, with its fences.</summary>
    Code,
    FrontMatter,
    Html,
    Table,

    /// <summary>A link reference definition: <c>[label]: target</c>.</summary>
    Definition,

    /// <summary>A thematic break.</summary>
    Rule,
}

/// <summary>The part of a source line that holds a block's text: without quote marks, list markers and indentation.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Start">Offset in the source.</param>
/// <param name="Length">Up to the end of the line, trailing spaces included.</param>
public readonly record struct LinePart(int Line, int Start, int Length);

/// <summary>A leaf block of a Markdown document.</summary>
/// <param name="FirstLine">1-based.</param>
/// <param name="LastLine">1-based, inclusive.</param>
/// <param name="Parts">The lines of its text; without the blank lines inside indented code and the underline of a heading, and empty for a rule.</param>
public sealed record MarkdownBlock(BlockKind Kind, int FirstLine, int LastLine, ImmutableArray<LinePart> Parts)
{
    /// <summary>1 to 6 for a heading, else 0.</summary>
    public int Level { get; init; }

    /// <summary>How many block quotes and list items it stands in; 0 at the top level.</summary>
    public int Depth { get; init; }
}
