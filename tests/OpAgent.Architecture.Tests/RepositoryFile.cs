using System.Text.RegularExpressions;

namespace OpAgent.Architecture.Tests;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
internal sealed record RepositoryFile(string Path)
{
    public string FullPath => System.IO.Path.Combine(Repository.Root, Path);

    /// <summary>The names of the folders above the file, outermost first.</summary>
    public IEnumerable<string> Folders => Path.Split('/').SkipLast(1);

    public string Name => System.IO.Path.GetFileName(Path);

    public string ReadText() => File.ReadAllText(FullPath);

    /// <summary>The places that match, each as <c>path:line: text</c>; none in a binary file.</summary>
    public IEnumerable<string> Find(Regex pattern)
    {
        var text = ReadText();
        if (text.Contains('\0')) yield break;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (pattern.IsMatch(line)) yield return $"{Path}:{number}: {line.Trim()}";
        }
    }
}
