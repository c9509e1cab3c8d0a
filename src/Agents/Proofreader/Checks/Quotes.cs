namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>Finds quotation marks of a paragraph that lack their partner. Single ones are left alone: they are apostrophes more often than not.</summary>
internal static class Quotes
{
    /// <param name="next">The prose after this one, if any: a quotation of several paragraphs has an opening mark at each and a closing mark only at the last.</param>
    public static IEnumerable<Finding> In(Prose prose, Prose? next)
    {
        var positions = Enumerable.Range(0, prose.Text.Length).Where(i => prose.IsProse(i)).ToLookup(i => Family(prose.Text[i]));
        var lonely = (int?[])[Straight(prose.Text, [.. positions['"']]), Curly(prose.Text, [.. positions['“']]), Unequal(prose.Text, [.. positions['«']])];
        foreach (var position in lonely.OfType<int>())
        {
            if (GoesOn(prose, position, next)) continue;
            yield return new Finding(FindingKind.Quote, prose.Line(position), $"unbalanced quote: “{Excerpt.Around(prose, position)}”");
        }
    }

    private static char Family(char c) => c switch
    {
        '"' => '"',
        '“' or '”' or '„' => '“',
        '«' or '»' => '«',
        _ => '\0',
    };

    private static int? Straight(string text, int[] marks)
    {
        if (marks.Length % 2 == 0) return null;
        // 24" is a size.
        if (marks.Any(mark => mark > 0 && char.IsDigit(text[mark - 1]) && (mark + 1 == text.Length || !char.IsLetterOrDigit(text[mark + 1])))) return null;
        var open = -1;
        foreach (var mark in marks)
        {
            var opens = (mark == 0 || char.IsWhiteSpace(text[mark - 1]) || text[mark - 1] is '(' or '[' or '—' or '–' or '*' or '_')
                && mark + 1 < text.Length && !char.IsWhiteSpace(text[mark + 1]);
            if (opens && open >= 0) return open;
            if (!opens && open < 0) return mark;
            open = opens ? mark : -1;
        }
        return open >= 0 ? open : marks[^1];
    }

    private static int? Curly(string text, int[] marks)
    {
        if (marks.Length == 0) return null;
        // „so“ in German, ”so” in Swedish, “so” in English.
        var isLow = marks.Any(mark => text[mark] == '„');
        if (!isLow && marks.All(mark => text[mark] == '”')) return marks.Length % 2 == 0 ? null : marks[^1];
        var open = new Stack<int>();
        foreach (var mark in marks)
        {
            if (text[mark] == (isLow ? '„' : '“')) open.Push(mark);
            else if (!open.TryPop(out _)) return mark;
        }
        return open.TryPop(out var last) ? last : null;
    }

    // «so» in French, »so« in German.
    private static int? Unequal(string text, int[] marks) =>
        marks.Count(mark => text[mark] == '«') * 2 == marks.Length ? null : marks[^1];

    private static bool GoesOn(Prose prose, int position, Prose? next) =>
        position == 0 && next is not null && next.Block.Kind == prose.Block.Kind && next.Text.Length > 0 && next.Text[0] == prose.Text[0];
}
