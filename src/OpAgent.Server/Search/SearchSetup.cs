using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OpAgent.Server.Search;

public static class SearchSetup
{
    public static void AddSearch(this IServiceCollection services)
    {
        services.AddSingleton<IndexDatabase>();
        services.AddSingleton<Indexer>();
        services.AddHostedService(provider => provider.GetRequiredService<Indexer>());
        services.AddSingleton<ConversationSearch>();
    }

    public static void MapSearch(this IEndpointRouteBuilder api) => api.MapSearchEndpoints();
}
