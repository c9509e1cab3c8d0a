using System.Text;

namespace OpAgent.Server.Search;

/// <summary>What a person typed, as an FTS5 expression: all words must be there, a phrase in quotes as it stands, the last word as a beginning.</summary>
internal static class SearchQuery
{
    /// <summary>The expression, or null where the text has nothing to look for.</summary>
    public static string? ToExpression(string? text)
    {
        var terms = Terms(text ?? "").Where(term => term.Text.Any(char.IsLetterOrDigit)).ToList();
        if (terms.Count == 0) return null;
        var expression = new StringBuilder();
        foreach (var (term, _) in terms)
        {
            if (expression.Length > 0) expression.Append(' ');
            // In quotes nothing is an operator.
            expression.Append('"').Append(term).Append('"');
        }

        if (!terms[^1].IsPhrase) expression.Append('*');
        return expression.ToString();
    }

    private static IEnumerable<(string Text, bool IsPhrase)> Terms(string text)
    {
        // Every second part stands between quotes; a quote that is not closed is none.
        var parts = text.Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1 && i < parts.Length - 1)
            {
                yield return (parts[i], true);
                continue;
            }

            foreach (var word in parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) yield return (word, false);
        }
    }
}
