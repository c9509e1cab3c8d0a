namespace OpAgent.Agents.Text.Markdown;

/// <summary>Shows text exactly as it is, in the middle of a line of Markdown.</summary>
public static class InlineCode
{
    public static string Of(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length == 0) return "` `";
        var ticks = 1;
        while (HasRun(line, ticks)) ticks++;
        var pad = line[0] == '`' || line[^1] == '`' ? " " : "";
        var fence = new string('`', ticks);
        return $"{fence}{pad}{line}{pad}{fence}";
    }

    private static bool HasRun(string line, int length)
    {
        for (var i = 0; i < line.Length;)
        {
            var run = line.AsSpan(i).IndexOfAnyExcept('`');
            run = run < 0 ? line.Length - i : run;
            if (run == length) return true;
            i += Math.Max(run, 1);
        }
        return false;
    }
}
