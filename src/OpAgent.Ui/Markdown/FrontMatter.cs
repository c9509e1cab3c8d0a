namespace OpAgent.Ui.Markdown;

/// <summary>The YAML at the beginning of a file, between lines of dashes. It is for programs and not shown.</summary>
internal static class FrontMatter
{
    /// <returns>0 where the text has none.</returns>
    public static int LengthIn(string text)
    {
        if (!text.StartsWith("---", StringComparison.Ordinal)) return 0;
        var isFirst = true;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            var line = text.AsSpan(start, next - start).TrimEnd();
            if (isFirst && line is not "---") return 0;
            if (!isFirst && line is "---" or "...") return next;
            isFirst = false;
            start = next;
        }

        return 0;
    }
}
