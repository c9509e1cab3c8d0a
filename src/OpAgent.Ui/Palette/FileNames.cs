using OpAgent.Server.Workspaces;

namespace OpAgent.Ui.Palette;

/// <summary>The files of a workspace, for going to one by its name. Large trees are looked through breadth first, up to a limit.</summary>
internal sealed class FileNames(WorkspaceFiles files, TimeProvider time)
{
    private const int MostDirectories = 300;
    private const int MostFiles = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);
    private static readonly string[] Skipped = ["node_modules", "bin", "obj", "target", "dist"];

    private (string Workspace, DateTimeOffset At, Task<IReadOnlyList<string>> Paths)? _known;

    /// <summary>The files whose path holds all letters of the words in order, those with the words in one piece first.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string workspace, string words, int most, CancellationToken cancellationToken)
    {
        var paths = await ListAsync(workspace, cancellationToken);
        return [.. paths.Select(path => (Path: path, Rank: Rank(path, words))).Where(item => item.Rank >= 0).OrderBy(item => item.Rank).ThenBy(item => item.Path.Length).Take(most).Select(item => item.Path)];
    }

    /// <summary>The lower the better; negative where it does not fit.</summary>
    internal static int Rank(string path, string words)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name.StartsWith(words, StringComparison.OrdinalIgnoreCase)) return 0;
        if (name.Contains(words, StringComparison.OrdinalIgnoreCase)) return 1;
        if (path.Contains(words, StringComparison.OrdinalIgnoreCase)) return 2;
        var at = -1;
        foreach (var letter in words)
        {
            at = path.IndexOf(letter.ToString(), at + 1, StringComparison.OrdinalIgnoreCase);
            if (at < 0) return -1;
        }

        return 3;
    }

    // The next letter waits for the same walk.
    private Task<IReadOnlyList<string>> ListAsync(string workspace, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_known is { } known && known.Workspace == workspace && now - known.At < Fresh && !known.Paths.IsFaulted && !known.Paths.IsCanceled) return known.Paths;
        var walk = WalkAsync(workspace, cancellationToken);
        _known = (workspace, now, walk);
        return walk;
    }

    private async Task<IReadOnlyList<string>> WalkAsync(string workspace, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        var directories = new Queue<string>([""]);
        for (var looked = 0; looked < MostDirectories && paths.Count < MostFiles && directories.TryDequeue(out var directory); looked++)
        {
            foreach (var item in (await files.ListAsync(workspace, directory, new(1000, null), cancellationToken)).Items)
            {
                if (item.Kind == "file") paths.Add(item.Path);
                else if (item.Kind == "directory" && !item.Name.StartsWith('.') && !Skipped.Contains(item.Name)) directories.Enqueue(item.Path);
            }
        }

        return paths;
    }
}
