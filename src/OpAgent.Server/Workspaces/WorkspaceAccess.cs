using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Workspaces;

/// <summary>Opens, trusts and forgets workspaces: in the catalog what is open, on the machine whether it may run something.</summary>
internal sealed class WorkspaceAccess(WorkspaceCatalog catalog, MachineRegistry machines)
{
    public async Task<WorkspaceView> OpenAsync(OpenWorkspace request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Path)) throw KnownProblems.InvalidRequest.With("The request names no path: send the absolute path of a directory.");
        var machine = machines.Get(request.Machine ?? MachineRegistry.Local);
        var info = await machine.Directories.OpenAsync(
            new OpenWorkspaceRequest { Path = request.Path, Trust = request.Trust ?? false, FullRights = request.FullRights ?? false }, cancellationToken: cancellationToken);
        var machineId = await machine.GetIdAsync(cancellationToken);
        return View(await catalog.AddAsync(machineId, info.Path, info.Name, cancellationToken), machine, info);
    }

    public async Task<IReadOnlyList<WorkspaceView>> ListAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll((await catalog.ListAsync(cancellationToken)).Select(workspace => LookAsync(workspace, cancellationToken)));

    public async Task<WorkspaceView> GetAsync(string id, CancellationToken cancellationToken) =>
        await LookAsync(await catalog.GetAsync(id, cancellationToken), cancellationToken);

    public async Task<WorkspaceView> TrustAsync(string id, bool fullRights, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await FindAsync(id, cancellationToken);
        return View(workspace, machine, await machine.Directories.TrustAsync(new() { Workspace = workspace.Path, FullRights = fullRights }, cancellationToken: cancellationToken));
    }

    public async Task ForgetAsync(string id, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await FindAsync(id, cancellationToken);
        try
        {
            await machine.Directories.ForgetAsync(new() { Workspace = workspace.Path }, cancellationToken: cancellationToken);
        }
        catch (RpcException exception) when (exception.Trailers.GetValue(ProtocolVersion.ProblemTrailer) == KnownProblems.WorkspaceNotFound.Type)
        {
            // The runtime has forgotten it before: what is asked for holds.
        }

        await catalog.RemoveAsync(workspace, cancellationToken);
    }

    public async Task<BindingView> GetBindingAsync(string id, string? path, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await FindAsync(id, cancellationToken);
        var binding = await machine.Directories.ResolveBindingAsync(
            new() { Workspace = workspace.Path, Path = path ?? "" }, cancellationToken: cancellationToken);
        return View(binding);
    }

    public async Task<BindingView> SetBindingAsync(string id, string? path, NewBinding values, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await FindAsync(id, cancellationToken);
        var request = new SetBindingRequest { Workspace = workspace.Path, Path = path ?? "" };
        if (values.Agent is { } agent) request.Values["agent"] = agent;
        if (values.Model is { } model) request.Values["model"] = model;
        if (values.Mode is { } mode) request.Values["mode"] = mode;
        return View(await machine.Directories.SetBindingAsync(request, cancellationToken: cancellationToken));
    }

    /// <summary>The workspace and the machine that it is on.</summary>
    /// <exception cref="ProblemException">The workspace is not open, or its machine is not known any more.</exception>
    public async ValueTask<(MachineConnection Machine, Workspace Workspace)> FindAsync(string id, CancellationToken cancellationToken)
    {
        var workspace = await catalog.GetAsync(id, cancellationToken);
        return (await MachineOfAsync(workspace, cancellationToken), workspace);
    }

    private async ValueTask<MachineConnection> MachineOfAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        foreach (var machine in machines.All)
        {
            if (await machine.GetIdAsync(cancellationToken) == workspace.MachineId) return machine;
        }

        throw KnownProblems.MachineNotFound.With($"'{workspace.Path}' was opened on a machine that this host does not know any more: forget the workspace.");
    }

    // What the runtime has forgotten or lost is still shown, so that it can be opened or forgotten.
    private async Task<WorkspaceView> LookAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var machine = await MachineOfAsync(workspace, cancellationToken);
        try
        {
            return View(workspace, machine, await machine.Directories.GetAsync(new() { Workspace = workspace.Path }, cancellationToken: cancellationToken));
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound)
        {
            return View(workspace, machine, new() { Path = workspace.Path, Name = workspace.Name });
        }
    }

    private static WorkspaceView View(Workspace workspace, MachineConnection machine, WorkspaceInfo info) =>
        new(workspace.Id, machine.Name, workspace.Path, workspace.Name, info.Trusted, info.Exists, info.FullRights);

    private static BindingView View(ResolvedBinding binding) => new(
        Value(binding.Agent), Value(binding.Model), Value(binding.Mode), Value(binding.Sandbox), Value(binding.Network), View(binding.Limits ?? new()));

    private static LimitsView View(BindingLimits limits) => new(
        Value(limits.Memory), Value(limits.Processes), Value(limits.OpenFiles), Value(limits.Turn), Value(limits.Idle), Value(limits.Output));

    private static BindingValueView? Value(BindingValue? value) => value is null ? null : new(value.Value, new(value.File, value.Line));
}
