using System.Formats.Tar;
using System.IO.Enumeration;
using System.Security.Cryptography;
using OpAgent.Core.Agents;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Packages;

/// <summary>A package's directory as a tar stream that depends on its content alone: the same files give the same digest on every machine.</summary>
internal sealed class PackageArchive
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _directory;
    private readonly IReadOnlyList<FileSystemInfo> _entries;

    private PackageArchive(string directory, AgentManifest manifest)
    {
        (_directory, Manifest) = (directory, manifest);
        _entries = [.. Everything(directory).OrderBy(Name, StringComparer.Ordinal)];
    }

    public AgentManifest Manifest { get; }

    /// <exception cref="ProblemException">The directory is none, or holds no package.</exception>
    public static PackageArchive Of(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw File.Exists(directory)
                ? KnownProblems.NotADirectory.With($"'{directory}' is a file: name the directory that holds the agent's {AgentManifest.FileName}.")
                : KnownProblems.DirectoryNotFound.With($"'{directory}' does not exist on the host's machine: name the directory that holds the agent's {AgentManifest.FileName}.");
        }

        var manifest = Path.Combine(directory, AgentManifest.FileName);
        if (!File.Exists(manifest))
            throw KnownProblems.AgentInvalid.With($"'{directory}' holds no {AgentManifest.FileName}, so it is no agent's package.");
        var read = AgentManifest.Parse(File.ReadAllText(manifest), manifest);
        return read.Manifest is { } valid
            ? new(directory, valid)
            : throw KnownProblems.AgentInvalid.With(string.Join(" ", read.Errors.Select(error => error.ToString())));
    }

    /// <summary>The sha256 of the stream, hexadecimal.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        await using (var sink = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write)) await WriteAsync(sink, cancellationToken);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        // The format of PAX puts the writer's process id into names.
        await using var tar = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var item in _entries)
        {
            await using var content = item is FileInfo { LinkTarget: null } ? File.OpenRead(item.FullName) : null;
            await tar.WriteEntryAsync(Entry(item, content), cancellationToken);
        }
    }

    // A link is an entry of its own and is not entered.
    private static FileSystemEnumerable<FileSystemInfo> Everything(string directory) =>
        new(directory, (ref FileSystemEntry entry) => entry.ToFileSystemInfo(), new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };

    private GnuTarEntry Entry(FileSystemInfo item, FileStream? content)
    {
        var type = item.LinkTarget is not null ? TarEntryType.SymbolicLink : content is null ? TarEntryType.Directory : TarEntryType.RegularFile;
        var entry = new GnuTarEntry(type, Name(item))
        {
            Mode = type is not TarEntryType.RegularFile || item.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Executable : Plain,
            ModificationTime = DateTimeOffset.UnixEpoch,
        };
        if (content is not null) entry.DataStream = content;
        if (item.LinkTarget is { } target) entry.LinkName = target;
        return entry;
    }

    private string Name(FileSystemInfo item) => Path.GetRelativePath(_directory, item.FullName);
}
