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
    private readonly Dictionary<string, WorkspaceRecord> _workspaces;

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
            if (known != opened)
            {
                _workspaces[canonical] = opened;
                Save();
            }
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
            _workspaces[root] = Find(root) with { Trusted = true, FullRights = fullRights };
            Save();
        }

        return Get(root);
    }

    public void Forget(string root)
    {
        lock (_gate)
        {
            if (_workspaces.Remove(root)) Save();
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
    public WorkspaceRoot OpenRoot(string root) => WorkspaceRoot.Open(Find(root).Path);

    private WorkspaceRecord Find(string root)
    {
        lock (_gate)
        {
            return _workspaces.GetValueOrDefault(root)
                ?? throw KnownProblems.WorkspaceNotFound.With($"'{root}' is not an open workspace on this machine. Open it first.");
        }
    }

    private void Save() => AtomicFile.Write(_home.WorkspacesFile, JsonSerializer.SerializeToUtf8Bytes([.. _workspaces.Values], WorkspaceJson.Default.WorkspaceRecordArray));
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
