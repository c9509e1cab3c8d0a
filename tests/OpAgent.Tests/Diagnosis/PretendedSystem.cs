using OpAgent.Diagnosis;

namespace OpAgent.Tests.Diagnosis;

/// <summary>A directory that stands for the root of a system.</summary>
internal sealed class PretendedSystem : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("opagent-").FullName;

    public SystemFiles Files => new(_root);

    public PretendedSystem With(string path, string content)
    {
        var file = Path.Join(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return this;
    }

    public PretendedSystem WithDirectory(string path)
    {
        Directory.CreateDirectory(Path.Join(_root, path));
        return this;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
