using System.Collections.Immutable;
using OpAgent.Core.Problems;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Workspaces;

/// <summary>The opened workspaces as the database has them, kept in memory because every conversation names one.</summary>
internal sealed class WorkspaceCatalog(WorkspaceTable table, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile ImmutableList<Workspace>? _known;

    public async ValueTask<ImmutableList<Workspace>> ListAsync(CancellationToken cancellationToken) =>
        _known ?? await LoadAsync(cancellationToken);

    /// <exception cref="ProblemException">No workspace has this id.</exception>
    public async ValueTask<Workspace> GetAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).Find(workspace => workspace.Id == id)
        ?? throw KnownProblems.WorkspaceNotFound.With($"No workspace has the id '{id}': GET /api/v1/workspaces lists those that are open, POST opens one.");

    /// <summary>The workspace at a path of a machine; null where none is open there.</summary>
    public async ValueTask<Workspace?> FindAsync(string machineId, string path, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).Find(workspace => workspace.MachineId == machineId && workspace.Path == path);

    /// <summary>The workspace at the path: the one that is open there already, or a new one.</summary>
    public async Task<Workspace> AddAsync(string machineId, string path, string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(machineId, path, cancellationToken) is { } open) return open;
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (await FindAsync(machineId, path, cancellationToken) is { } meanwhile) return meanwhile;
            var now = time.GetUtcNow();
            var workspace = new Workspace { Id = Guid.CreateVersion7(now).ToString(), MachineId = machineId, Path = path, Name = name, Opened = now };
            await table.AddAsync(workspace, cancellationToken);
            _known = (await ListAsync(cancellationToken)).Add(workspace);
            return workspace;
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task RemoveAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await table.RemoveAsync(workspace.Id, cancellationToken);
            _known = (await ListAsync(cancellationToken)).RemoveAll(known => known.Id == workspace.Id);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Reads the database again when next asked: somebody else has changed it.</summary>
    public void Refresh() => _known = null;

    public void Dispose() => _changing.Dispose();

    private async Task<ImmutableList<Workspace>> LoadAsync(CancellationToken cancellationToken)
    {
        var loaded = (await table.ListAsync(cancellationToken)).ToImmutableList();
        _known = loaded;
        return loaded;
    }
}
