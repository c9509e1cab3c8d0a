using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Directories;

/// <summary>The directories that were opened on this machine, and which of them a person trusts. Kept in the runtime home, never in the directory.</summary>
internal sealed class WorkspaceRegistry
{
    private readonly RuntimeHome _home;
    private readonly Lock _gate = new();
    private Dictionary<string, WorkspaceRecord> _workspaces;

    public WorkspaceRegistry(RuntimeHome home)
    {
        _home = home;
        var records = File.Exists(home.WorkspacesFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(home.WorkspacesFile), WorkspaceJson.Default.WorkspaceRecordArray) : [];
        _workspaces = (records ?? []).ToDictionary(record => record.Path);
    }

    /// <summary>The opened workspaces' root directories.</summary>
    public IReadOnlyList<string> Roots
    {
        get
        {
            lock (_gate) return [.. _workspaces.Keys];
        }
    }

    /// <exception cref="ProblemException">The path cannot be a workspace.</exception>
    public WorkspaceInfo Open(string path, bool trust, bool fullRights = false)
    {
        var canonical = DirectoryPaths.Canonicalize(path);
        DirectoryPaths.RequireUsable(canonical, _home);
        lock (_gate)
        {
            var known = _workspaces.GetValueOrDefault(canonical);
            var opened = new WorkspaceRecord(canonical, trust || known is { Trusted: true }) { FullRights = (trust && fullRights) || known is { FullRights: true } };
            if (known != opened) Save(new(_workspaces) { [canonical] = opened });
        }

        return Get(canonical);
    }

    public WorkspaceInfo Get(string root)
    {
        var record = Find(root);
        return new WorkspaceInfo { Path = record.Path, Name = Path.GetFileName(record.Path) is { Length: > 0 } name ? name : record.Path, Trusted = record.Trusted, FullRights = record.FullRights, Exists = Directory.Exists(record.Path) };
    }

    /// <param name="fullRights">Whether agents get the rights of their user, without a sandbox.</param>
    public WorkspaceInfo Trust(string root, bool fullRights)
    {
        lock (_gate)
        {
            Save(new(_workspaces) { [root] = Find(root) with { Trusted = true, FullRights = fullRights } });
        }

        return Get(root);
    }

    public void Forget(string root)
    {
        lock (_gate)
        {
            var left = new Dictionary<string, WorkspaceRecord>(_workspaces);
            if (left.Remove(root)) Save(left);
        }
    }

    public bool IsTrusted(string root)
    {
        lock (_gate) return _workspaces.TryGetValue(root, out var record) && record.Trusted;
    }

    /// <summary>Whether a person said that agents get the rights of their user here.</summary>
    public bool HasFullRights(string root)
    {
        lock (_gate) return _workspaces.TryGetValue(root, out var record) && record.FullRights;
    }

    /// <summary>Opens the root directory of a workspace. The caller disposes it.</summary>
    public WorkspaceRoot OpenRoot(string root) => WorkspaceRoot.Open(Find(root).Path, _home.Disk);

    private WorkspaceRecord Find(string root)
    {
        lock (_gate)
        {
            return _workspaces.GetValueOrDefault(root)
                ?? throw KnownProblems.WorkspaceNotFound.With($"'{root}' is not an open workspace on this machine. Open it first.");
        }
    }

    /// <summary>Holds only once it is on the disk: what was refused is not in force either.</summary>
    private void Save(Dictionary<string, WorkspaceRecord> workspaces)
    {
        AtomicFile.Write(_home.Disk, _home.WorkspacesFile, JsonSerializer.SerializeToUtf8Bytes([.. workspaces.Values], WorkspaceJson.Default.WorkspaceRecordArray));
        _workspaces = workspaces;
    }
}

/// <summary>One opened directory.</summary>
/// <param name="Path">Absolute and canonical.</param>
internal sealed record WorkspaceRecord(string Path, bool Trusted)
{
    /// <summary>Agents are not kept in a sandbox: a person said so.</summary>
    public bool FullRights { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(WorkspaceRecord[]))]
internal sealed partial class WorkspaceJson : JsonSerializerContext;
