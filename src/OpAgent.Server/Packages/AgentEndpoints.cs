using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Packages;

internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/agents").WithTags("Agents").RequireAuthorization(Access.Read);
        agents.MapGet("", ListAsync).WithSummary("The agents that are installed on a machine.").Refuses(400, 404, 503);
        agents.MapPost("", InstallAsync).RequireAuthorization(Access.Write).WithSummary("Installs an agent from a directory and makes it the active version.").Refuses(400, 404, 422, 503);
        agents.MapPost("/{id}/activate", ActivateAsync).RequireAuthorization(Access.Write).WithSummary("Chooses the version that new sessions use.").Refuses(400, 404, 422, 503);
        agents.MapDelete("/{id}", RemoveAsync).RequireAuthorization(Access.Write).WithSummary("Removes an agent with all its versions.").Refuses(404, 422, 503);
    }

    private static async Task<Ok<Page<AgentView>>> ListAsync(
        string? machine, [AsParameters] PageQuery page, AgentCatalog catalog, CancellationToken cancellationToken) =>
        TypedResults.Ok(page.Of(await catalog.ListAsync(machine, cancellationToken), agent => agent.Id));

    private static async Task<Created<AgentView>> InstallAsync(NewAgent body, AgentCatalog catalog, CancellationToken cancellationToken)
    {
        var agent = await catalog.InstallAsync(body, cancellationToken);
        return TypedResults.Created($"/api/v1/agents?machine={Uri.EscapeDataString(agent.Machine)}", agent);
    }

    private static async Task<Ok<AgentView>> ActivateAsync(
        string id, AgentActivation body, string? machine, AgentCatalog catalog, CancellationToken cancellationToken) =>
        TypedResults.Ok(await catalog.ActivateAsync(id, body.Version, machine, cancellationToken));

    private static async Task<NoContent> RemoveAsync(string id, string? machine, AgentCatalog catalog, CancellationToken cancellationToken)
    {
        await catalog.RemoveAsync(id, machine, cancellationToken);
        return TypedResults.NoContent();
    }
}
