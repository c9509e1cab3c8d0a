using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>A block's text as one string, its lines joined by <c>\n</c>, with the way back to the source.</summary>
public sealed class BlockText
{
    private readonly ImmutableArray<LinePart> _parts;
    private readonly int[] _starts;

    public BlockText(string source, ImmutableArray<LinePart> parts)
    {
        _parts = parts;
        _starts = new int[parts.Length];
        var length = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            _starts[i] = length;
            length += parts[i].Length + 1;
        }
        Text = string.Join('\n', parts.Select(part => source.Substring(part.Start, part.Length)));
    }

    public string Text { get; }

    /// <summary>The 1-based line of the source that a position of <see cref="Text"/> stands in.</summary>
    public int Line(int position) => _parts[IndexAt(position)].Line;

    /// <summary>The offset in the source of a position of <see cref="Text"/>; for a joining <c>\n</c> the end of its line.</summary>
    public int Offset(int position)
    {
        var index = IndexAt(position);
        return _parts[index].Start + position - _starts[index];
    }

    private int IndexAt(int position)
    {
        var index = Array.BinarySearch(_starts, position);
        return index >= 0 ? index : ~index - 1;
    }
}
