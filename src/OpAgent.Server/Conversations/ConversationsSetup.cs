using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Conversations;

public static class ConversationsSetup
{
    // A prompt of the largest size that HTTP takes, and the message around it.
    private const long LargestHubMessage = 17 * 1024 * 1024;

    public static void AddConversations(this IServiceCollection services)
    {
        services.AddSingleton<ConversationAccess>();
        services.AddSingleton<ConversationControl>();
        services.AddSingleton<PermissionDesk>();
        services.AddSingleton<EventFollower>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<ConversationMirrors>();
        services.AddSingleton<LiveOverview>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveOverview>());
        services.AddSingleton<HubProblems>();
        services.AddSignalR()
            // This hub's alone: pages have one of their own, which takes no long messages.
            .AddHubOptions<ConversationHub>(options =>
            {
                options.MaximumReceiveMessageSize = LargestHubMessage;
                options.AddFilter<HubProblems>();
                // Every other failure is a problem by then; what is left is a call whose arguments do not fit, and its caller can mend that.
                options.EnableDetailedErrors = true;
            })
            .AddJsonProtocol(options => EdgeJson.Apply(options.PayloadSerializerOptions));
    }

    public static void MapConversations(this IEndpointRouteBuilder api)
    {
        api.MapConversationEndpoints();
        api.MapEvents();
        api.MapPermissions();
    }

    public static void MapConversationHub(this IEndpointRouteBuilder routes) => routes.MapHub<ConversationHub>("/hubs/v1", options =>
    {
        options.ApplicationMaxBufferSize = LargestHubMessage;
        options.TransportMaxBufferSize = LargestHubMessage;
    }).RequireAuthorization(Access.Read);
}
