using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>Keeps the host attached to every machine for as long as it runs.</summary>
internal sealed class MachineAttendant(
    MachineRegistry machines, LiveBoard board, IEnumerable<IAttachStep> steps, IDbContextFactory<OpAgentDbContext> databases) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var database = await databases.CreateDbContextAsync(stoppingToken);
        var realm = await database.Realms.SingleAsync(stoppingToken);
        var attachment = new Attachment(realm.Id, board, [.. steps]);
        await Task.WhenAll(machines.All.Select(machine => machine.AttachAsync(attachment, stoppingToken)));
    }
}
