using OpAgent.Ui.Workspaces;

namespace OpAgent.Ui.Conversations;

/// <summary>Where relative links in a conversation's or file's text lead.</summary>
/// <param name="Workspace">Null where nothing can be reached.</param>
/// <param name="Directory">What links are relative to, relative to the workspace.</param>
public sealed record ContentLinks(string? Workspace, string Directory)
{
    public static readonly ContentLinks None = new(null, "");

    /// <summary>The page that shows a file, at a line; null for a path that leaves the workspace.</summary>
    public string? FileAddress(string path, int? line = null) =>
        Workspace is { } workspace && Below(path) is { } file ? PlaceAddress.Of(workspace, file, line) : null;

    /// <summary>The bytes of a file, for an image.</summary>
    public string? ContentAddress(string path) =>
        Workspace is { } workspace && Below(path) is { } file ? $"/api/v1/workspaces/{workspace}/files/content?path={Uri.EscapeDataString(file)}" : null;

    private string? Below(string path)
    {
        var parts = path.StartsWith('/') ? [] : Directory.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else return null;
        }

        return string.Join('/', parts);
    }
}
