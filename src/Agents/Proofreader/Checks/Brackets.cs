namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>Finds brackets of a paragraph that lack their partner.</summary>
internal static class Brackets
{
    private const string Opening = "([{";
    private const string Closing = ")]}";
    private const int MaxInterval = 24;

    public static IEnumerable<Finding> In(Prose prose)
    {
        var text = prose.Text;
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!prose.IsProse(i) || IsFace(text, i)) continue;
            if (Opening.Contains(text[i]))
            {
                open.Push(i);
                continue;
            }
            var kind = Closing.IndexOf(text[i]);
            if (kind < 0) continue;
            if (open.TryPeek(out var opener) && (text[opener] == Opening[kind] || IsInterval(text.AsSpan((opener + 1)..i)))) open.Pop();
            else if (!IsEnumerator(text, i)) yield return Unbalanced(prose, i, "opened");
        }
        foreach (var position in open.Reverse()) yield return Unbalanced(prose, position, "closed");
    }

    private static Finding Unbalanced(Prose prose, int position, string missing) =>
        new(FindingKind.Bracket, prose.Line(position), $"unbalanced bracket `{prose.Text[position]}`, never {missing}: “{Excerpt.Around(prose, position)}”");

    // :) ;-( and their like.
    private static bool IsFace(string text, int i)
    {
        if (text[i] is not (')' or '(') || i == 0) return false;
        var eyes = text[i - 1] == '-' && i > 1 ? i - 2 : i - 1;
        return text[eyes] is ':' or ';' && (eyes == 0 || char.IsWhiteSpace(text[eyes - 1]));
    }

    // [0, 1) is closed on one side only, on purpose.
    private static bool IsInterval(ReadOnlySpan<char> inside) => inside.Length is > 2 and < MaxInterval && inside.Count(',') == 1 && !inside.ContainsAny("()[]{}");

    // "either 1) this or b) that"
    private static bool IsEnumerator(string text, int i)
    {
        var start = i;
        while (start > 0 && i - start < 4 && char.IsLetterOrDigit(text[start - 1])) start--;
        return text[i] == ')' && i - start is > 0 and < 4 && (start == 0 || char.IsWhiteSpace(text[start - 1]));
    }
}
