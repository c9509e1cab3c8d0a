using System.Text;

namespace OpAgent.Terminal;

/// <summary>Rows of text in columns that line up.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(TerminalText.Clean)]);

    public override string ToString()
    {
        var widths = headings.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            if (text.Length > 0) text.Append('\n');
            // The last column is not padded.
            text.AppendJoin("  ", row.Select((cell, column) => column == row.Length - 1 ? cell : cell.PadRight(widths[column])));
        }

        return text.ToString();
    }
}
