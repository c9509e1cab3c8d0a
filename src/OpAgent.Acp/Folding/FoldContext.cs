namespace OpAgent.Acp.Folding;

/// <summary>What the blocks of a turn share.</summary>
/// <param name="directory">The conversation's directory, absolute.</param>
/// <param name="spillFolder">Where spilled outputs lie, relative to the conversation file.</param>
internal sealed class FoldContext(string directory, string spillFolder)
{
    private const int MaxSaid = 3 * 1024 * 1024;
    private const int MaxOutput = 4 * 1024 * 1024;
    private const int MaxPath = 1_024;

    private readonly string _directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar;

    /// <summary>For what the agent says and thinks; apart from <see cref="Output"/>, so that its last words are kept after all its tools printed.</summary>
    public Allowance Said { get; } = new(MaxSaid);

    /// <summary>For what tools are given and produce.</summary>
    public Allowance Output { get; } = new(MaxOutput);

    public DiffLimit Diffs { get; } = new();

    /// <summary>A path below the directory relative to it, every other path as it is; null for what is no path.</summary>
    public string? RelativePath(string path)
    {
        if (path.Length is 0 or > MaxPath || path.Contains('\0')) return null;
        var full = Path.GetFullPath(path, _directory);
        return full.Length > _directory.Length && full.StartsWith(_directory, StringComparison.Ordinal) ? full[_directory.Length..] : path;
    }

    public string SpillLink(string file) => spillFolder.Length is 0 ? file : $"{spillFolder}/{file}";
}
