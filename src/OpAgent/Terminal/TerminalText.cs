using System.Text;

namespace OpAgent.Terminal;

/// <summary>Text on a terminal. What agents say is not trusted: control sequences could rewrite what stands there or change the terminal.</summary>
internal static class TerminalText
{
    private static readonly bool StyleErrors = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <summary>For stderr: less bright than the answer, where the terminal can.</summary>
    public static string Dim(string text) => StyleErrors ? $"\e[2m{Clean(text)}\e[0m" : Clean(text);

    public static string Bold(string text) => StyleErrors ? $"\e[1m{Clean(text)}\e[0m" : Clean(text);

    /// <summary>The text without control characters except line breaks and tabs.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsControl)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text) clean.Append(IsControl(character) ? '\uFFFD' : character);
        return clean.ToString();
    }

    /// <summary>One line of at most so many characters.</summary>
    public static string Line(string text, int length)
    {
        var line = Clean(text.ReplaceLineEndings(" ").Trim());
        return line.Length <= length ? line : string.Concat(line.AsSpan(0, length - 1), "…");
    }

    private static bool IsControl(char character) => char.IsControl(character) && character is not ('\n' or '\t' or '\r');
}
