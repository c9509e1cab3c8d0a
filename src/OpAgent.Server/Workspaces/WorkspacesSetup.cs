using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Workspaces;

public static class WorkspacesSetup
{
    public static void AddWorkspaces(this IServiceCollection services)
    {
        services.AddSingleton<WorkspaceCatalog>();
        services.AddSingleton<WorkspaceAccess>();
        services.AddSingleton<WorkspaceFiles>();
        services.AddSingleton<IAttachStep, ReopenWorkspaces>();
    }

    public static void MapWorkspaces(this IEndpointRouteBuilder api)
    {
        api.MapWorkspaceEndpoints();
        api.MapFiles();
    }
}
