namespace OpAgent.Agents.Librarian.Search;

/// <summary>Questions are answered by prose more often than by code, and by code more often than by data.</summary>
internal static class FilePrior
{
    private static readonly string[] Prose = [".md", ".markdown", ".mdown", ".mkd", ".txt", ".rst", ".adoc", ".asciidoc", ".org", ".tex", ".html", ".htm"];
    private static readonly string[] Data = [".json", ".jsonl", ".csv", ".tsv", ".xml", ".svg", ".lock", ".log", ".map", ".resx", ".po", ".sln", ".snap"];

    public static float Of(string path)
    {
        var extension = Path.GetExtension(path);
        // README, LICENSE and their like; a Makefile or Dockerfile is code.
        if (extension.Length == 0) return Path.GetFileName(path.AsSpan()).IndexOfAnyInRange('a', 'z') < 0 ? 1 : 0.6f;
        if (Prose.Contains(extension, StringComparer.OrdinalIgnoreCase)) return 1;
        return Data.Contains(extension, StringComparer.OrdinalIgnoreCase) ? 0.4f : 0.6f;
    }
}
