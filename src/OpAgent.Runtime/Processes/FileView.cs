using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>How a process sees a place of the file system.</summary>
internal enum Visibility
{
    /// <summary>An empty directory, or a file that cannot be opened.</summary>
    Hidden,

    ReadOnly,

    Writable,
}

/// <summary>One place of a <see cref="FileView"/>.</summary>
/// <param name="Path">Absolute, as the process sees it.</param>
/// <param name="Source">What stands there instead; null: the place itself.</param>
internal sealed record ViewEntry(string Path, Visibility Visibility, string? Source)
{
    /// <summary>
    /// The place itself, held open, where somebody else may rename directories meanwhile: it must be this one that is mounted, not what a symlink
    /// leads to by then. Not owned.
    /// </summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle? Held { get; init; }
}

/// <summary>
/// What a process sees of the file system: for each place the nearest entry at or above it decides. Built once, then used for one start.
/// </summary>
internal sealed class FileView
{
    private readonly SortedDictionary<string, ViewEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Parents before what is below them.</summary>
    public IEnumerable<ViewEntry> Entries => _entries.Values;

    /// <summary>Says how a place is seen. The last word on the same place holds.</summary>
    public FileView Set(string path, Visibility visibility, string? source = null) => Add(new ViewEntry(path, visibility, source));

    /// <summary>As <see cref="Set"/>, for a place that is held open.</summary>
    public FileView Set(string path, Visibility visibility, Microsoft.Win32.SafeHandles.SafeFileHandle held) => Add(new ViewEntry(path, visibility, null) { Held = held });

    /// <summary>The entry that decides about a place.</summary>
    public ViewEntry Find(string path)
    {
        for (var place = path; ; place = Path.GetDirectoryName(place)!)
        {
            if (_entries.TryGetValue(Key(place), out var entry)) return entry;
        }
    }

    /// <summary>Whether the place itself cannot be seen.</summary>
    public bool Hides(string path) => Find(path) is { Visibility: Visibility.Hidden } or { Source: not null };

    /// <summary>The same for two views by which a process sees the same.</summary>
    public string Fingerprint => string.Join('\n', Entries.Select(entry => $"{entry.Visibility} {entry.Path} {entry.Source} {IdentityOf(entry)}"));

    /// <summary>Leaves out what is hidden in a place that is hidden anyway.</summary>
    public FileView Simplify()
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Visibility == Visibility.Hidden && entry.Path != "/" && Hides(Path.GetDirectoryName(entry.Path)!)).ToList())
            _entries.Remove(Key(entry.Path));
        return this;
    }

    // A mount over a file falls off where another file is renamed over it, so that another file is another view.
    private static string? IdentityOf(ViewEntry entry)
    {
        if (entry.Held is { } held) return FileStatus.Of(held) is { IsDirectory: false } status ? $"{status.Device}:{status.Inode}" : null;
        if (entry.Visibility != Visibility.Hidden || !File.Exists(entry.Path)) return null;
        using var handle = LibC.OpenPath(entry.Path);
        return handle is null ? null : $"{FileStatus.Of(handle).Inode}";
    }

    private FileView Add(ViewEntry entry)
    {
        _entries[Key(entry.Path)] = entry;
        return this;
    }

    // '/' sorts before every other character of a name this way, so that "/a/b" stands right after "/a" and before "/a-b".
    private static string Key(string path) => path.Replace('/', '\u0001');
}
