namespace OpAgent.Core.Text;

/// <summary>Puts text into a fenced code block that it cannot break out of.</summary>
public static class MarkdownFence
{
    /// <summary>
    /// Wraps <paramref name="text"/> in a fence that is longer than any run of backticks inside.
    /// <paramref name="info"/> is the language, for example <c>diff</c>; may be empty.
    /// </summary>
    public static string Wrap(string text, string info = "")
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        var language = TextForm.OneLine(info).Replace("`", "");
        var end = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
        return $"{fence}{language}\n{text}{end}{fence}";
    }

    private static int LongestRun(string text)
    {
        var longest = 0;
        var run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }
}
