using System.IO.Enumeration;
using OpAgent.Agents.Text.Ignore;

namespace OpAgent.Agents.Text.Files;

/// <summary>A regular file below a tree's root.</summary>
/// <param name="Path">Relative to the root, with <c>/</c> between names.</param>
/// <param name="Size">In bytes.</param>
public sealed record TreeFile(string Path, string FullPath, long Size);

/// <summary>What a walk did not look into because it could not.</summary>
public sealed class WalkTally
{
    /// <summary>Files and directories that could not be read.</summary>
    public int Unreadable { get; set; }

    /// <summary>Files larger than what is read.</summary>
    public int TooLarge { get; set; }
}

/// <summary>
/// The files below a directory that belong to its owner's work: no hidden names (so neither <c>.git</c> nor <c>.opagent</c>), nothing that git ignores,
/// no FIFOs, sockets or devices. Symbolic links are not followed: what they show inside the tree is met at its own place, and what lies outside is none of an agent's business.
/// </summary>
public sealed class FileTree
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple };

    private readonly string? _realRoot;

    /// <param name="root">An existing directory.</param>
    public FileTree(string root)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _realRoot = RealPath.Of(Root);
    }

    /// <summary>The full path, without a separator at its end.</summary>
    public string Root { get; }

    /// <summary>Walks the tree in the order of names, one directory in memory at a time.</summary>
    public IEnumerable<TreeFile> Files(WalkTally tally, CancellationToken cancellationToken) => FilesBelow("", tally, cancellationToken);

    /// <summary>Walks one directory of the tree; what git ignores elsewhere in the repository counts here too.</summary>
    /// <param name="directory">Relative to the root, empty for the root itself.</param>
    public IEnumerable<TreeFile> FilesBelow(string directory, WalkTally tally, CancellationToken cancellationToken)
    {
        var rules = IgnoreRules.Above(Root);
        foreach (var parent in Parents(directory)) rules = rules.Enter(parent, FullPath(parent));
        var open = new Stack<(string Path, IgnoreRules Rules)>();
        open.Push((directory, rules));
        var directories = new List<string>();
        while (open.TryPop(out var current))
        {
            if (Names(current.Path, tally) is not { } names) continue;
            var inside = current.Rules.Enter(current.Path, FullPath(current.Path));
            directories.Clear();
            foreach (var name in names)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = current.Path.Length == 0 ? name : $"{current.Path}/{name}";
                var fullPath = FullPath(path);
                var status = FileStatus.Of(fullPath);
                if (status.Kind is EntryKind.Missing) tally.Unreadable++;
                if (status.Kind is not (EntryKind.File or EntryKind.Directory)) continue;
                if (inside.Ignores(path, status.Kind is EntryKind.Directory)) continue;
                if (status.Kind is EntryKind.Directory) directories.Add(path);
                else yield return new TreeFile(path, fullPath, status.Size);
            }
            for (var i = directories.Count - 1; i >= 0; i--) open.Push((directories[i], inside));
        }
    }

    /// <summary>The full path of a relative one.</summary>
    public string FullPath(string path) => path.Length == 0 ? Root : $"{Root}/{path}";

    /// <summary>What is at a relative path; a symbolic link, which <see cref="Locate"/> has found to stay inside, is followed.</summary>
    public FileStatus StatusOf(string path)
    {
        var status = FileStatus.Of(FullPath(path));
        return status.Kind is EntryKind.SymbolicLink && RealPath.Of(FullPath(path)) is { } real ? FileStatus.Of(real) : status;
    }

    /// <summary>
    /// Finds what a person or a client names: a relative or full path. Null when it lies outside the tree, by its text or by a symbolic link; the empty string is the root.
    /// </summary>
    public string? Locate(string named)
    {
        if (named.Contains('\0')) return null;
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named, Root));
        if (Below(Root, full) is not { } relative) return null;
        if (RealPath.Of(full) is { } real && (_realRoot is null || Below(_realRoot, real) is null)) return null;
        return relative;
    }

    private static string? Below(string root, string path)
    {
        if (path == root) return "";
        var prefix = root.EndsWith('/') ? root : root + "/";
        return path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : null;
    }

    private static IEnumerable<string> Parents(string directory)
    {
        if (directory.Length == 0) yield break;
        yield return "";
        for (var slash = directory.IndexOf('/'); slash >= 0; slash = directory.IndexOf('/', slash + 1)) yield return directory[..slash];
    }

    private List<string>? Names(string directory, WalkTally tally)
    {
        try
        {
            var names = new List<string>(new FileSystemEnumerable<string>(FullPath(directory), (ref FileSystemEntry entry) => entry.FileName.ToString(), Everything)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.',
            });
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            tally.Unreadable++;
            return null;
        }
    }
}
