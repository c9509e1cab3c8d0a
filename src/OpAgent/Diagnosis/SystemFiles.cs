namespace OpAgent.Diagnosis;

/// <summary>The files by which the system tells how it is, below a root that is <c>/</c> outside tests.</summary>
internal sealed class SystemFiles(string root = "/")
{
    /// <summary>The text of a file; null where there is none or it may not be read.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(At(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A number that stands alone in a file; null where there is none.</summary>
    public long? Number(string path) => long.TryParse(Read(path), out var number) ? number : null;

    public bool Has(string path) => File.Exists(At(path)) || Directory.Exists(At(path));

    /// <summary>The names of the files in a directory; none where it is not there.</summary>
    public IEnumerable<string> Names(string directory) =>
        Directory.Exists(At(directory)) ? Directory.EnumerateFiles(At(directory)).Select(file => Path.GetFileName(file)!) : [];

    /// <summary>Where a path of the system is.</summary>
    public string At(string path) => Path.Join(root, path);
}
