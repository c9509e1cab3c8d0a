using Grpc.Core;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Machines;

/// <summary>Looks at machines: how they are, their directories, the processes that their sessions started.</summary>
internal sealed class MachineInspector(MachineRegistry machines, RuntimeUpgrades upgrades)
{
    public async Task<IReadOnlyList<MachineView>> ListAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(machines.All.Select(machine => LookAsync(machine, cancellationToken)));

    public Task<MachineView> GetAsync(string nameOrId, CancellationToken cancellationToken) => LookAsync(machines.Get(nameOrId), cancellationToken);

    public async Task<DirectoryListing> ListDirectoriesAsync(string machine, string? path, PageQuery page, CancellationToken cancellationToken)
    {
        var reply = await machines.Get(machine).Directories.ListAsync(new() { Path = path ?? "" }, cancellationToken: cancellationToken);
        var directories = page.Of(reply.Items, item => item.Name)
            .Select(item => new DirectoryView(item.Name, item.Path, item.GitRepository, item.Bound));
        return new(reply.Path, reply.Parent.NullIfEmpty(), directories.Items, directories.Next);
    }

    public async Task<IReadOnlyList<ProcessView>> ListProcessesAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(machines.All.Select(async machine =>
            (await machine.Processes.ListAsync(new(), cancellationToken: cancellationToken)).Items.Select(process => ProcessView.Of(machine.Name, process))));
        return [.. lists.SelectMany(list => list)];
    }

    // A machine that is off is a state, not an error: lists show it beside the others.
    private async Task<MachineView> LookAsync(MachineConnection machine, CancellationToken cancellationToken)
    {
        try
        {
            var info = await machine.Machine.GetInfoAsync(new(), cancellationToken: cancellationToken);
            return MachineView.Online(machine.Name, info, await upgrades.FindAsync(machine, info, cancellationToken));
        }
        catch (RpcException exception)
        {
            return MachineView.Offline(machine.Name, ProblemMapping.Explain(exception));
        }
    }
}
