using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Files;

/// <summary>The files that a person named or attached, looked up in a tree.</summary>
/// <param name="Missing">What is not there.</param>
/// <param name="Refused">What lies outside the tree or is no file: an agent does not look there, even when it is asked to.</param>
public sealed record NamedFiles(ImmutableArray<string> Missing, ImmutableArray<string> Refused)
{
    /// <summary>Regular files, relative to the tree's root.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Directories, relative to the tree's root.</summary>
    public ImmutableArray<string> Directories { get; init; } = [];

    /// <summary>True when something was found to work on.</summary>
    public bool HasAny => !Files.IsEmpty || !Directories.IsEmpty;

    public static NamedFiles Find(FileTree tree, IEnumerable<string> names)
    {
        var files = new List<string>();
        var directories = new List<string>();
        var missing = ImmutableArray.CreateBuilder<string>();
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names)
        {
            var path = tree.Locate(name);
            var kind = path is null ? EntryKind.Special : tree.StatusOf(path).Kind;
            switch (kind)
            {
                case EntryKind.File:
                    files.Add(path!);
                    break;
                case EntryKind.Directory:
                    directories.Add(path!);
                    break;
                case EntryKind.Missing:
                    missing.Add(name);
                    break;
                default:
                    refused.Add(name);
                    break;
            }
        }
        return new NamedFiles(missing.DrainToImmutable(), refused.DrainToImmutable()) { Files = [.. files.Distinct()], Directories = [.. directories.Distinct()] };
    }

    /// <summary>The files themselves and those below the directories, each once. A file that was named is taken even when it is hidden or ignored.</summary>
    public IEnumerable<TreeFile> Walk(FileTree tree, WalkTally tally, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        foreach (var path in Files)
        {
            if (seen.Add(path)) yield return new TreeFile(path, tree.FullPath(path), tree.StatusOf(path).Size);
        }
        foreach (var file in Directories.SelectMany(directory => tree.FilesBelow(directory, tally, cancellationToken)))
        {
            if (seen.Add(file.Path)) yield return file;
        }
    }
}
