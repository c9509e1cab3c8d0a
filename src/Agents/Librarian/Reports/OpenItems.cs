using System.Text.RegularExpressions;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>Finds the notes that people leave themselves: TODO and FIXME.</summary>
internal static partial class OpenItems
{
    private const int MaxLength = 120;

    // No person has written a line as long as this.
    private const int MaxLineLength = 1000;

    /// <summary>The notes of a file with their 1-based lines. In Markdown, code shows something rather than asks for it to be done, and is left out.</summary>
    public static IEnumerable<(int Line, string Text)> In(string text, MarkdownDocument? document)
    {
        if (!text.Contains("TODO", StringComparison.Ordinal) && !text.Contains("FIXME", StringComparison.Ordinal)) yield break;
        var lines = SourceLines.Split(text);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = text.AsSpan(lines[i].Start, lines[i].Length);
            if (line.Length > MaxLineLength) continue;
            if (!line.Contains("TODO", StringComparison.Ordinal) && !line.Contains("FIXME", StringComparison.Ordinal)) continue;
            foreach (Match match in Note.Matches(line.ToString()))
            {
                if (document is not null && IsCode(document, i + 1, lines[i].Start + match.Groups["word"].Index)) continue;
                yield return (i + 1, Shown(line[match.Groups["word"].Index..]));
                break;
            }
        }
    }

    private static bool IsCode(MarkdownDocument document, int line, int offset)
    {
        var block = document.Blocks.FirstOrDefault(block => block.FirstLine <= line && line <= block.LastLine);
        if (block is null) return false;
        if (block.Kind is BlockKind.Code) return true;
        if (block.Kind is BlockKind.Html) return false;
        var text = document.Text(block);
        return document.Inlines(text).Any(inline => inline.Kind is InlineKind.Code or InlineKind.Math
            && text.Offset(inline.Start) <= offset && offset <= text.Offset(inline.End - 1));
    }

    private static string Shown(ReadOnlySpan<char> note)
    {
        foreach (var end in (ReadOnlySpan<string>)["-->", "*/"])
        {
            if (note.IndexOf(end, StringComparison.Ordinal) is var index and >= 0) note = note[..index];
        }
        note = note.Trim();
        return note.Length <= MaxLength ? note.ToString() : string.Concat(note[..MaxLength], "…");
    }

    // At the start of a line or behind a mark (a comment's, a list's, a bracket), or followed by a colon or a name in parentheses;
    // "the TODO list" and "TODO/FIXME" talk about notes. A word in quotes is one that is talked about as well.
    [GeneratedRegex("""(^\s*|[^\s\w"'“‘/.,=&|-]\s*|//+\s*|--\s+|(?<=^\s*)-\s+)(?<word>(TODO|FIXME))\b(?![/"'”’\w]|\s*(,|\|))|(?<![\w/"'“‘=])(?<word>(TODO|FIXME))(:\s|:$|\(\w+\))""", RegexOptions.ExplicitCapture)]
    private static partial Regex Note { get; }
}
