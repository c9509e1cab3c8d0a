using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Packages;

public static class PackagesSetup
{
    public static void AddPackages(this IServiceCollection services)
    {
        services.TryAddSingleton(AgentDirectory.BesideHost);
        services.AddSingleton<IAttachStep, BundledAgents>();
        services.AddSingleton<AgentCatalog>();
    }

    public static void MapPackages(this IEndpointRouteBuilder api) => api.MapAgents();
}
