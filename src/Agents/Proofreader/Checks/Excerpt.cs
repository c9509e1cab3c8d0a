using OpAgent.Agents.Text.Links;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>A few words of a page, to find a place by.</summary>
internal static class Excerpt
{
    private const int Width = 24;

    /// <summary>Some text on both sides of a position, as Markdown that shows it as it is.</summary>
    public static string Around(Prose prose, int position)
    {
        var text = prose.Text;
        var start = Math.Max(0, position - Width);
        var end = Math.Min(text.Length, position + Width);
        while (start > 0 && start < position && !char.IsWhiteSpace(text[start - 1])) start++;
        while (end < text.Length && end > position + 1 && !char.IsWhiteSpace(text[end])) end--;
        return Citation.Escape($"{(start > 0 ? "… " : "")}{prose.Shown(start, end)}{(end < text.Length ? " …" : "")}");
    }

    /// <summary>The first words of a span, as Markdown that shows them as they are.</summary>
    public static string Beginning(Prose prose, int start, int end, int words)
    {
        var count = 0;
        var last = end;
        foreach (var word in prose.Words)
        {
            if (word.Start < start || word.End > end || ++count < words) continue;
            last = word.End;
            break;
        }
        return Citation.Escape(prose.Shown(start, last) + (last < end ? " …" : ""));
    }
}
