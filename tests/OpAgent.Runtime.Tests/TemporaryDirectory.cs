namespace OpAgent.Runtime.Tests;

/// <summary>A directory of a test's own, gone with it.</summary>
/// <param name="under">Where to make it; by default where temporary files are.</param>
internal sealed class TemporaryDirectory(string? under = null) : IDisposable
{
    public string Path { get; } = under is null ? Directory.CreateTempSubdirectory("opagent-").FullName : Directory.CreateDirectory(System.IO.Path.Combine(under, Guid.NewGuid().ToString("N"))).FullName;

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public string Write(string relative, string content)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
