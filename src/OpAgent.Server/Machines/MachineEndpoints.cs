using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Machines;

internal static class MachineEndpoints
{
    public static void MapMachineEndpoints(this IEndpointRouteBuilder routes)
    {
        var machines = routes.MapGroup("/machines").WithTags("Machines").RequireAuthorization(Access.Read);
        machines.MapGet("", ListAsync).WithSummary("The machines that the host knows.").Refuses(400);
        machines.MapGet("/{name}", GetAsync).WithSummary("One machine, by its name or its runtime's id.").Refuses(404);
        machines.MapGet("/{name}/directories", ListDirectoriesAsync)
            .WithSummary("The directories in a directory, the user's home by default, for choosing one to open.").Refuses(400, 403, 404, 422, 503);
        machines.MapPost("/{name}/upgrade", UpgradeAsync).RequireAuthorization(Access.Admin)
            .WithSummary("Replaces the machine's runtime by the one that the host brings along. Agents and their turns go on.").Refuses(404, 409, 503);
    }

    private static async Task<Ok<Page<MachineView>>> ListAsync([AsParameters] PageQuery page, MachineInspector inspector, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await inspector.ListAsync(cancellationToken), machine => machine.Name));

    private static async Task<Ok<MachineView>> GetAsync(string name, MachineInspector inspector, CancellationToken cancellationToken) =>
        TypedResults.Ok(await inspector.GetAsync(name, cancellationToken));

    private static async Task<Ok<RuntimeUpgradeView>> UpgradeAsync(string name, MachineRegistry machines, RuntimeUpgrades upgrades, CancellationToken cancellationToken) =>
        TypedResults.Ok(await upgrades.UpgradeAsync(machines.Get(name), cancellationToken));

    private static async Task<Ok<DirectoryListing>> ListDirectoriesAsync(
        string name, string? path, [AsParameters] PageQuery page, MachineInspector inspector, CancellationToken cancellationToken) =>
        TypedResults.Ok(await inspector.ListDirectoriesAsync(name, path, page, cancellationToken));
}
