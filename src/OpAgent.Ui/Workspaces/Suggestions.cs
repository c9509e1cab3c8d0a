using System.Text;
using OpAgent.Server.Workspaces;

namespace OpAgent.Ui.Workspaces;

/// <summary>First questions about a directory, made from the headings that really stand in it.</summary>
internal sealed class Suggestions(WorkspaceFiles files)
{
    private const int Most = 3;
    private const int FilesRead = 8;
    private const int BytesRead = 16 * 1024;

    /// <summary>At most three; none where the directory has no Markdown.</summary>
    public async Task<IReadOnlyList<string>> ForAsync(string workspace, string path, CancellationToken cancellationToken)
    {
        var entries = (await files.ListAsync(workspace, path, new(1000, null), cancellationToken)).Items;
        var texts = entries.Where(IsMarkdown).ToList();
        foreach (var directory in entries.Where(entry => entry.Kind == "directory" && !entry.Name.StartsWith('.')).Take(FilesRead))
        {
            if (texts.Count >= FilesRead) break;
            texts.AddRange((await files.ListAsync(workspace, directory.Path, new(100, null), cancellationToken)).Items.Where(IsMarkdown).Take(2));
        }

        var found = new List<string>();
        foreach (var file in texts.Take(FilesRead))
        {
            // One from each file, so that the questions tell what there is.
            if (Headings(await ReadAsync(workspace, file.Path, cancellationToken)).FirstOrDefault(heading => !found.Contains(heading)) is { } heading) found.Add(heading);
            if (found.Count == Most) break;
        }

        return [.. found.Select(heading => $"What about “{heading}”?")];
    }

    /// <summary>The second-level headings, or the first-level ones where there are no others.</summary>
    internal static IEnumerable<string> Headings(string markdown)
    {
        var inFence = false;
        var first = new List<string>();
        var second = new List<string>();
        foreach (var line in markdown.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal)) inFence = !inFence;
            if (inFence) continue;
            if (line.StartsWith("## ", StringComparison.Ordinal)) second.Add(Plain(line[3..]));
            else if (line.StartsWith("# ", StringComparison.Ordinal)) first.Add(Plain(line[2..]));
        }

        return (second.Count > 0 ? second : first).Where(heading => heading.Length is >= 4 and <= 60);
    }

    private static bool IsMarkdown(FileView file) => file.Kind == "file" && !file.Name.StartsWith('.') && file.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    private static string Plain(string heading) => heading.Trim().TrimEnd('#').Replace("`", "").Replace("*", "").Trim();

    private async Task<string> ReadAsync(string workspace, string path, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await files.ReadHeadAsync(workspace, path, BytesRead, cancellationToken));
}
