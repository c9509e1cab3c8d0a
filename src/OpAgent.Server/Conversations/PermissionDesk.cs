using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Machines;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Conversations;

/// <summary>The permission requests of all machines, and people's answers to them.</summary>
internal sealed class PermissionDesk(MachineRegistry machines, WorkspaceCatalog catalog)
{
    private static readonly string[] Kinds = ["allow_once", "allow_always", "reject_once", "reject_always"];
    private static readonly string[] States = ["pending", "answered", "cancelled"];

    /// <param name="state">pending, answered or cancelled; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PermissionView>> ListAsync(string? state, CancellationToken cancellationToken)
    {
        if (state is not null && !States.Contains(state))
            throw KnownProblems.InvalidRequest.With($"state={state}: a permission request is one of {string.Join(", ", States)}.");
        var views = new List<PermissionView>();
        foreach (var machine in machines.All)
        {
            var reply = await machine.Conversations.ListPermissionsAsync(new() { PendingOnly = state == "pending" }, cancellationToken: cancellationToken);
            foreach (var permission in reply.Items.Where(permission => state is null || permission.State == state))
                views.Add(await ViewAsync(machine, permission, cancellationToken));
        }

        return views;
    }

    public async Task<PermissionView> AnswerAsync(string id, PermissionAnswer answer, string person, CancellationToken cancellationToken)
    {
        var (byKind, byId) = (!string.IsNullOrEmpty(answer.Option), !string.IsNullOrEmpty(answer.OptionId));
        if (!byKind && !byId)
            throw KnownProblems.InvalidRequest.With($"The answer chooses nothing: send an option, one of {string.Join(", ", Kinds)}, or an optionId of the agent's own.");
        if (byKind && byId)
            throw KnownProblems.InvalidRequest.With("The answer names both an option and an optionId, which may differ: send one of the two.");
        if (byKind && !Kinds.Contains(answer.Option))
            throw KnownProblems.InvalidRequest.With($"'{answer.Option}' is no option: choose one of {string.Join(", ", Kinds)}, or send the agent's own optionId.");
        var machine = machines.Holding(id);
        var resolved = await machine.Conversations.AnswerPermissionAsync(
            new() { Id = id, Kind = answer.Option ?? "", OptionId = answer.OptionId ?? "", By = person }, cancellationToken: cancellationToken);
        return await ViewAsync(machine, resolved, cancellationToken);
    }

    public async ValueTask<PermissionView> ViewAsync(MachineConnection machine, Permission permission, CancellationToken cancellationToken)
    {
        var machineId = await machine.GetIdAsync(cancellationToken);
        return PermissionView.Of(permission, (await catalog.FindAsync(machineId, permission.Workspace, cancellationToken))?.Id);
    }
}
