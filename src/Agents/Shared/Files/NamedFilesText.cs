using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Files;

/// <summary>Says which of the files that a person named could not be used.</summary>
public static class NamedFilesText
{
    /// <summary>A paragraph of Markdown; null where all could be used.</summary>
    public static string? Trouble(NamedFiles named)
    {
        var sentences = new List<string>();
        if (!named.Missing.IsEmpty) sentences.Add($"There is no {List(named.Missing)} in this directory.");
        if (!named.Refused.IsEmpty) sentences.Add($"I left out {List(named.Refused)}: I only read files inside this directory.");
        return sentences.Count == 0 ? null : string.Join(' ', sentences) + "\n\n";
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(InlineCode.Of));
}
