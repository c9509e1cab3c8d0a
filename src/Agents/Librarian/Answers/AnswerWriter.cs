using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Links;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>Puts what a search found into words, piece by piece as Markdown.</summary>
internal static class AnswerWriter
{
    /// <summary>What is said to a prompt that asks for nothing.</summary>
    public const string WhatToAsk =
        "I find passages in the files of this directory by keyword; there is no language model behind me. Ask with a word or two that would stand in the text, "
        + "for example “how is the cache cleared?”, or ask for a **report** on broken links, orphaned pages, duplicate titles, open TODOs and empty files.";

    /// <summary>Each piece is one or more whole blocks and ends with a blank line.</summary>
    public static IEnumerable<string> Write(FileTree tree, Query query, SearchResult result)
    {
        if (result.Hits.IsEmpty)
        {
            yield return NothingFits(query, result) + "\n\n";
        }
        else
        {
            yield return Found(query, result) + "\n\n";
            foreach (var hit in result.Hits)
            {
                if (Quote.Of(tree, hit, result.Weights) is not { } quote) continue;
                var section = hit.Passage.Section.ToString();
                var heading = section.Length == 0 ? "" : " · " + Citation.Escape(section);
                yield return $"{Citation.Of(hit.Path, quote.Line)}{heading}\n\n{quote.Markdown}\n\n";
            }
        }
        if (Skipped(result.Tally) is { } skipped) yield return skipped + "\n\n";
    }

    /// <summary>One line for the tool call that the search is.</summary>
    public static string Summary(SearchTally tally) => $"{Count(tally.Files, "file")} searched, {Count(tally.Matches, "passage")} with matching words";

    private static string Found(Query query, SearchResult result)
    {
        var found = $"By keyword search, without a language model, in {Count(result.Tally.Files, "file")}: {Words(query.Shown.Except(result.Missing))}.";
        if (result.Missing.IsEmpty) return found;
        return $"{found} Nothing holds {Words(result.Missing)}, so this may not be what you asked for.";
    }

    private static string NothingFits(Query query, SearchResult result)
    {
        var searched = $"I looked through {Count(result.Tally.Files, "file")} for {Words(query.Shown)} by keyword search, without a language model";
        if (result.Nearest is not { } nearest)
            return $"Nothing here fits. {searched}; {(query.Terms.Length == 1 ? "it stands in none of them" : "none of these words stands in any of them")}. {Hint}";
        var missing = result.Missing.IsEmpty ? "no passage holds enough of them together" : $"{Words(result.Missing)} {(result.Missing.Length == 1 ? "stands" : "stand")} nowhere";
        return $"Nothing here fits well. {searched}; {missing}. The nearest is {Citation.Of(nearest.Path, nearest.Passage.FirstLine)}. {Hint}";
    }

    private const string Hint = "Try the words that the text itself would use.";

    public static string? Skipped(SearchTally tally)
    {
        var parts = new List<string>();
        if (tally.Unreadable > 0) parts.Add($"{Count(tally.Unreadable, "file or directory", "files or directories")} could not be read");
        if (tally.TooLarge > 0) parts.Add($"{Count(tally.TooLarge, "file")} over {KeywordSearch.MaxFileBytes / (1024 * 1024)} MB left out");
        return parts.Count == 0 ? null : $"_{string.Join(", ", parts)}._";
    }

    private static string Words(IEnumerable<QueryTerm> terms) => string.Join(", ", terms.Select(term => $"**{Citation.Escape(term.Shown)}**"));

    public static string Count(long count, string one, string? many = null) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
