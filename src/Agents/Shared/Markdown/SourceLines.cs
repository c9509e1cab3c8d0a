using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>A line of a source without its line ending.</summary>
public readonly record struct SourceLine(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>Splits text at <c>\n</c>, <c>\r\n</c> and <c>\r</c>: what editors and git count as lines.</summary>
public static class SourceLines
{
    /// <summary>The lines of a text; a line ending at its end opens no further line.</summary>
    public static ImmutableArray<SourceLine> Split(ReadOnlySpan<char> text)
    {
        var lines = ImmutableArray.CreateBuilder<SourceLine>();
        var start = 0;
        while (start < text.Length)
        {
            var length = text[start..].IndexOfAny('\r', '\n');
            if (length < 0)
            {
                lines.Add(new SourceLine(start, text.Length - start));
                break;
            }
            lines.Add(new SourceLine(start, length));
            var end = start + length;
            start = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
        }
        return lines.DrainToImmutable();
    }
}
