namespace OpAgent.Agents.Text.Markdown;

/// <summary>Reads the indentation of one line in columns: a tab goes to the next multiple of four, and may be used up in part.</summary>
internal ref struct LineCursor(ReadOnlySpan<char> line)
{
    private readonly ReadOnlySpan<char> _line = line;

    // Columns of a tab that were passed over but not used.
    private int _pending;

    /// <summary>Index of the next character.</summary>
    public int Position { get; private set; }

    public int Column { get; private set; }

    public readonly ReadOnlySpan<char> Rest => _line[Position..];

    public readonly bool IsBlank => Rest.IsWhiteSpace();

    /// <summary>Columns of white space before the next character.</summary>
    public readonly int Indent
    {
        get
        {
            var column = Column;
            foreach (var c in Rest)
            {
                if (c == ' ') column++;
                else if (c == '\t') column += 4 - column % 4;
                else break;
            }
            return column - Column + _pending;
        }
    }

    /// <summary>Uses up to <paramref name="columns"/> columns of white space.</summary>
    public void SkipColumns(int columns)
    {
        var used = Math.Min(columns, _pending);
        _pending -= used;
        columns -= used;
        while (columns > 0 && Position < _line.Length && _line[Position] is ' ' or '\t')
        {
            var width = _line[Position] == '\t' ? 4 - Column % 4 : 1;
            Position++;
            Column += width;
            if (width > columns) _pending = width - columns;
            columns -= Math.Min(width, columns);
        }
    }

    public void SkipIndent() => SkipColumns(Indent);

    /// <summary>Uses <paramref name="count"/> characters that are neither tabs nor spaces.</summary>
    public void SkipCharacters(int count)
    {
        Position += count;
        Column += count;
    }
}
