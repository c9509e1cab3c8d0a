using System.Collections.Immutable;
using OpAgent.Agents.Text.Files;

namespace OpAgent.Agents.Text.Ignore;

/// <summary>
/// What git would ignore at one place of a tree: the lines of each <c>.gitignore</c> from the repository's top down to here, and of <c>.git/info/exclude</c>.
/// The nearest file decides, and within a file the last line that matches. Files that git tracks in spite of a rule are treated as ignored: git's index is not read.
/// </summary>
internal sealed class IgnoreRules
{
    private const int MaxBytes = 1024 * 1024;

    private readonly IgnoreRules? _parent;
    private readonly string _prefix;
    private readonly int _baseLength;
    private readonly ImmutableArray<IgnorePattern> _patterns;

    private IgnoreRules(IgnoreRules? parent, string prefix, int baseLength, ImmutableArray<IgnorePattern> patterns)
    {
        _parent = parent;
        _prefix = prefix;
        _baseLength = baseLength;
        _patterns = patterns;
    }

    /// <summary>The rules that hold for a tree's root because of the git repository around it; none where there is no repository.</summary>
    public static IgnoreRules Above(string root)
    {
        var top = root;
        while (!Path.Exists($"{top}/.git"))
        {
            top = Path.GetDirectoryName(top);
            if (top is null) return new IgnoreRules(null, "", 0, []);
        }
        var prefix = top == root ? "" : root[(top.TrimEnd('/').Length + 1)..] + "/";
        var rules = new IgnoreRules(null, prefix, 0, Read($"{top}/.git/info/exclude"));
        for (var length = 0; length < prefix.Length; length = prefix.IndexOf('/', length) + 1)
            rules = new IgnoreRules(rules, prefix, length, Read($"{top}/{prefix[..length]}.gitignore"));
        return rules;
    }

    /// <summary>The rules inside a directory.</summary>
    /// <param name="directory">Relative to the tree's root, empty for the root.</param>
    public IgnoreRules Enter(string directory, string fullPath)
    {
        var patterns = Read($"{fullPath}/.gitignore");
        if (patterns.IsEmpty) return this;
        return new IgnoreRules(this, _prefix, _prefix.Length + (directory.Length == 0 ? 0 : directory.Length + 1), patterns);
    }

    /// <param name="path">Relative to the tree's root. That its parents are not ignored is the caller's concern: git does not look below an ignored directory.</param>
    public bool Ignores(string path, bool isDirectory)
    {
        var full = _prefix.Length == 0 ? path : _prefix + path;
        for (var rules = this; rules is not null; rules = rules._parent)
        {
            for (var i = rules._patterns.Length - 1; i >= 0; i--)
            {
                if (rules._patterns[i].Matches(full.AsSpan(rules._baseLength), isDirectory)) return !rules._patterns[i].IsNegated;
            }
        }
        return false;
    }

    private static ImmutableArray<IgnorePattern> Read(string path)
    {
        if (FileStatus.Of(path).Kind is not EntryKind.File) return [];
        var file = TextFile.Read(path, MaxBytes);
        var patterns = ImmutableArray.CreateBuilder<IgnorePattern>();
        foreach (var line in file.Text.AsSpan().EnumerateLines())
        {
            if (IgnorePattern.Parse(line) is { } pattern) patterns.Add(pattern);
        }
        return patterns.DrainToImmutable();
    }
}
