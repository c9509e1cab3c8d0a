namespace OpAgent.Ui.Markdown;

/// <summary>Where a text lies, so that its relative links and images lead somewhere.</summary>
/// <param name="Workspace">The workspace, as the page's and the API's addresses name it.</param>
/// <param name="Directory">The directory that relative links start from, relative to the workspace; empty for its root.</param>
/// <param name="Root">The workspace's absolute path on its machine: agents cite files by their full path, too.</param>
/// <param name="Page">The address of the text itself, for links to its headings; null where only the view that shows it knows them.</param>
public sealed record ContentPlace(string Workspace, string Directory = "", string? Root = null, string? Page = null)
{
    /// <summary>The page that shows a file of the workspace; null where the path leads out of it.</summary>
    /// <param name="path">As written, without percent signs for characters.</param>
    /// <param name="fragment">What follows the <c>#</c>, escaped; null for none.</param>
    public string? FileAddress(string path, string? fragment = null)
    {
        if (Resolve(path) is not { } segments) return null;
        var address = $"/w/{Uri.EscapeDataString(Workspace)}/{string.Join('/', segments.Select(Uri.EscapeDataString))}";
        return fragment is null ? address : $"{address}#{fragment}";
    }

    /// <summary>The bytes of an image in the workspace; null where the path leads out of it.</summary>
    public string? ImageAddress(string path) => Resolve(path) is { Count: > 0 } segments
        ? $"/api/v1/workspaces/{Uri.EscapeDataString(Workspace)}/files/content?path={Uri.EscapeDataString(string.Join('/', segments))}"
        : null;

    /// <summary>The path relative to the workspace where it is a full one below it; else as it is.</summary>
    public string Shorten(string path) => IsBelowRoot(path) ? path[Root!.Length..].TrimStart('/') : path;

    private bool IsBelowRoot(string path) =>
        Root is { Length: > 1 } root && path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/');

    private List<string>? Resolve(string path)
    {
        if (path.Any(char.IsControl)) return null;
        var inWorkspace = IsBelowRoot(path) ? "/" + Shorten(path) : path;
        var whole = inWorkspace.StartsWith('/') ? inWorkspace : $"{Directory}/{inWorkspace}";
        var segments = new List<string>();
        foreach (var segment in whole.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count == 0) return null;
            else segments.RemoveAt(segments.Count - 1);
        }

        return segments;
    }
}
