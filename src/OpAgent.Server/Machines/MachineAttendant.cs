using Microsoft.Extensions.Hosting;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>Keeps the host attached to every machine for as long as it runs.</summary>
internal sealed class MachineAttendant(MachineRegistry machines, LiveBoard board, IEnumerable<IAttachStep> steps, OpAgentDatabase database) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var attachment = new Attachment(database.Realm, board, [.. steps]);
        await Task.WhenAll(machines.All.Select(machine => machine.AttachAsync(attachment, stoppingToken)));
    }
}
