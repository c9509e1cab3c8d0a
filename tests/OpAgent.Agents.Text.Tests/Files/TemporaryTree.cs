namespace OpAgent.Agents.Text.Tests.Files;

/// <summary>A directory for one test, deleted with everything in it.</summary>
internal sealed class TemporaryTree : IDisposable
{
    public TemporaryTree() => Root = Directory.CreateTempSubdirectory("opagent-agents-").FullName;

    public string Root { get; }

    /// <summary>Writes a file, with the directories above it; the full path.</summary>
    public string Write(string path, string text = "text\n")
    {
        var full = FullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public string Read(string path) => File.ReadAllText(FullPath(path));

    public string FullPath(string path) => Path.Combine(Root, path);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
