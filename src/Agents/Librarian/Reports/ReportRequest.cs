using System.Text.RegularExpressions;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>Tells a request for a report from a question about reports.</summary>
internal static partial class ReportRequest
{
    /// <summary>True where a sentence has the word "report" and does not ask how, where or what about it: "How do I report a bug?" is a question like any other.</summary>
    public static bool IsIn(string prompt)
    {
        foreach (Match sentence in Sentence.Matches(prompt))
        {
            if (Report.IsMatch(sentence.Value) && !Question.IsMatch(sentence.Value)) return true;
        }
        return false;
    }

    [GeneratedRegex(@"[^.!?\n]+")]
    private static partial Regex Sentence { get; }

    [GeneratedRegex(@"\breport\b", RegexOptions.IgnoreCase)]
    private static partial Regex Report { get; }

    [GeneratedRegex(@"^\W*((and|but|so|then|please)\W+)*(how|what|where|which|who|whom|whose|when|why|does|do|did|is|are|was|were)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Question { get; }
}
