using System.Text;

namespace OpAgent.Agents.Text.Links;

/// <summary>A line of a file as a relative Markdown link whose visible text is <c>file:line</c>.</summary>
public static class Citation
{
    /// <param name="path">Relative to the directory that the reader's links start from.</param>
    /// <param name="line">1-based.</param>
    public static string Of(string path, int line) => $"[{Escape($"{path}:{line}")}]({Target(path)}#L{line})";

    /// <summary>Text that Markdown shows as it is.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (NeedsEscape(text, i)) escaped.Append('\\');
            escaped.Append(text[i] is '\n' or '\r' ? ' ' : text[i]);
        }
        return escaped.ToString();
    }

    // An underscore between letters is never emphasis; leaving it alone keeps file names readable in the source.
    private static bool NeedsEscape(string text, int i) => text[i] switch
    {
        '\\' or '`' or '*' or '[' or ']' or '<' or '>' or '~' or '&' or '|' or '$' => true,
        '_' => i == 0 || i + 1 == text.Length || !char.IsLetterOrDigit(text[i - 1]) || !char.IsLetterOrDigit(text[i + 1]),
        _ => false,
    };

    private static string Target(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
