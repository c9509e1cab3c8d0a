using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using OpAgent.Core.Agents;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Packages;

/// <summary>
/// The agents' packages of this machine: <c>packages/&lt;id&gt;/&lt;version&gt;+&lt;digest&gt;/</c>, with a symbolic link <c>active</c> that says which holds.
/// A package is unpacked under a name of its own and switched to with one rename; a process that runs from an older one keeps it.
/// </summary>
internal sealed class PackageStore(RuntimeHome home)
{
    private const string ActiveLink = "active";
    private const long MaxUnpackedBytes = 4L * 1024 * 1024 * 1024;

    private readonly Lock _gate = new();

    public IEnumerable<InstalledPackage> List()
    {
        foreach (var directory in Directory.EnumerateDirectories(home.Packages).Order(StringComparer.Ordinal))
        {
            if (Active(Path.GetFileName(directory)) is { } package) yield return package;
        }
    }

    /// <summary>The active package with this id, or null.</summary>
    public InstalledPackage? Active(string id)
    {
        if (!AgentId.IsValid(id)) return null;
        var link = new DirectoryInfo(Path.Combine(home.Packages, id, ActiveLink));
        return link.LinkTarget is { } target ? Read(Path.Combine(home.Packages, id, target)) : null;
    }

    /// <summary>The package that a reference means: the active version where the range allows it, else the newest installed one that it allows.</summary>
    public InstalledPackage? Find(string id, VersionRange? range)
    {
        var active = Active(id);
        if (active is null || range is null || range.Contains(active.Manifest.Version)) return active;
        return Versions(id).FirstOrDefault(package => range.Contains(package.Manifest.Version));
    }

    /// <summary>All installed versions, newest first.</summary>
    public IReadOnlyList<InstalledPackage> Versions(string id) =>
        [.. Directory.EnumerateDirectories(Path.Combine(home.Packages, id))
            .Where(directory => Path.GetFileName(directory) is not ActiveLink && !Path.GetFileName(directory).StartsWith('.'))
            .Select(Read).OfType<InstalledPackage>().OrderByDescending(package => package.Manifest.Version)];

    /// <summary>Unpacks a tar file and makes it the active version of its agent.</summary>
    /// <param name="tar">A file that holds the whole stream; positioned anywhere.</param>
    /// <param name="digest">The sha256 that the sender names.</param>
    /// <exception cref="ProblemException">The package is damaged, breaks out of its directory, or has no good manifest.</exception>
    public InstalledPackage Install(Stream tar, string digest)
    {
        tar.Position = 0;
        var actual = Convert.ToHexStringLower(SHA256.HashData(tar));
        if (!actual.Equals(digest, StringComparison.OrdinalIgnoreCase))
            throw KnownProblems.AgentInvalid.With($"The package was damaged on its way: its sha256 is {actual}, announced was {digest}. Install it again.");
        var staging = Path.Combine(home.Packages, $".staging-{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging);
        try
        {
            Unpack(tar, staging);
            var manifest = ReadManifest(staging);
            // The version's own build metadata, if any, stays in the manifest; a directory name needs one '+'.
            var name = $"{manifest.Version.ToString().Replace('+', '.')}+{actual[..12]}";
            lock (_gate)
            {
                var versions = Path.Combine(home.Packages, manifest.Id);
                Directory.CreateDirectory(versions);
                var target = Path.Combine(versions, name);
                if (Directory.Exists(target) && Read(target) is null) Directory.Delete(target, recursive: true);
                if (!Directory.Exists(target)) Directory.Move(staging, target);
                AtomicFile.Write(home.Disk, Path.Combine(versions, $".{name}.sha256"), Encoding.ASCII.GetBytes(actual));
                Activate(manifest.Id, name);
                home.Disk.SyncDirectory(versions);
            }

            return Active(manifest.Id)!;
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }
    }

    /// <exception cref="ProblemException">The version is not installed.</exception>
    public InstalledPackage ActivateVersion(string id, string version)
    {
        lock (_gate)
        {
            var package = (Active(id) is null ? [] : Versions(id)).FirstOrDefault(package => package.Manifest.Version.ToString() == version)
                ?? throw KnownProblems.AgentNotFound.With($"Version {version} of agent '{id}' is not installed on this machine.");
            Activate(id, Path.GetFileName(package.Directory));
            return package;
        }
    }

    /// <exception cref="ProblemException">The agent is not installed.</exception>
    public void Remove(string id)
    {
        lock (_gate)
        {
            if (Active(id) is null) throw KnownProblems.AgentNotFound.With($"Agent '{id}' is not installed on this machine.");
            var trash = Path.Combine(home.Packages, $".trash-{Guid.NewGuid():N}");
            Directory.Move(Path.Combine(home.Packages, id), trash);
            Directory.Delete(trash, recursive: true);
        }
    }

    public Package Describe(InstalledPackage package)
    {
        var description = new Package
        {
            Id = package.Manifest.Id,
            Name = package.Manifest.Name,
            Version = package.Manifest.Version.ToString(),
            Description = package.Manifest.Description,
            Directory = package.Directory,
            Digest = package.Digest,
        };
        description.Versions.AddRange(Versions(package.Manifest.Id).Select(version => version.Manifest.Version.ToString()).Distinct());
        return description;
    }

    private void Unpack(Stream tar, string staging)
    {
        tar.Position = 0;
        var unpacked = 0L;
        try
        {
            using var reader = new TarReader(tar, leaveOpen: true);
            while (reader.GetNextEntry() is { } entry)
            {
                unpacked += entry.Length;
                if (unpacked > MaxUnpackedBytes) throw KnownProblems.AgentInvalid.With($"The package unpacks to more than {MaxUnpackedBytes >> 30} GiB.");
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.Directory or TarEntryType.V7RegularFile))
                    throw KnownProblems.AgentInvalid.With($"The package holds '{entry.Name}', which is a {entry.EntryType}. Files and directories are what a package may hold.");
                var path = Path.GetFullPath(Path.Combine(staging, entry.Name));
                RequireInside(staging, path, entry.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                if (entry.EntryType is TarEntryType.Directory) Directory.CreateDirectory(path);
                else Extract(entry, path);
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw KnownProblems.AgentInvalid.With($"The package is not a complete tar archive: {error.Message}");
        }
    }

    private void Extract(TarEntry entry, string path)
    {
        using var file = home.Disk.Open(path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL, (int)entry.Mode & 0x1FF);
        if (entry.DataStream is not { } content) return;
        var buffer = new byte[64 * 1024];
        var written = 0L;
        while (content.Read(buffer) is > 0 and var count)
        {
            home.Disk.Write(file, buffer.AsSpan(0, count), written);
            written += count;
        }
    }

    private static void RequireInside(string staging, string path, string name)
    {
        if (path != staging && !path.StartsWith(staging + "/", StringComparison.Ordinal))
            throw KnownProblems.AgentInvalid.With($"The package's entry '{name}' leads out of the package.");
    }

    private static AgentManifest ReadManifest(string directory)
    {
        var file = Path.Combine(directory, AgentManifest.FileName);
        if (!File.Exists(file)) throw KnownProblems.AgentInvalid.With($"The package has no {AgentManifest.FileName} at its top.");
        var result = AgentManifest.Parse(File.ReadAllText(file), AgentManifest.FileName);
        return result.Manifest ?? throw KnownProblems.AgentInvalid.With(string.Join("; ", result.Errors));
    }

    private static InstalledPackage? Read(string directory)
    {
        var digest = Path.Combine(Path.GetDirectoryName(directory)!, $".{Path.GetFileName(directory)}.sha256");
        try
        {
            return new InstalledPackage(ReadManifest(directory), directory, File.Exists(digest) ? File.ReadAllText(digest) : "");
        }
        catch (Exception error) when (error is ProblemException or IOException)
        {
            return null;
        }
    }

    private void Activate(string id, string name)
    {
        var link = Path.Combine(home.Packages, id, ActiveLink);
        var temporary = Path.Combine(home.Packages, id, $".{Guid.NewGuid():N}");
        File.CreateSymbolicLink(temporary, name);
        try
        {
            // Renaming replaces the old link in one step; File.Move would follow it into the directory.
            home.Disk.Rename(temporary, link);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

/// <summary>One installed version of an agent.</summary>
/// <param name="Digest">sha256 of the tar stream it came from.</param>
internal sealed record InstalledPackage(AgentManifest Manifest, string Directory, string Digest);
