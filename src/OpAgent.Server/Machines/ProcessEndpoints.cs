using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Machines;

internal static class ProcessEndpoints
{
    public static void MapProcesses(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/processes", ListAsync).WithTags("Processes").RequireAuthorization(Access.Read).WithSummary("The agents' processes and everything they started.").Refuses(400, 503);

    private static async Task<Ok<Page<ProcessView>>> ListAsync([AsParameters] PageQuery page, MachineInspector inspector, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await inspector.ListProcessesAsync(cancellationToken), process => $"{process.Machine} {process.Pid:D10}"));
}
