namespace OpAgent.Runtime.Sessions;

internal static class SessionsServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<SessionEndpoint>()
        .AddSingleton<AgentCommand>()
        .AddSingleton<AgentLauncher>()
        .AddSingleton<ChangeFeed>()
        .AddSingleton<PermissionDesk>()
        .AddSingleton<ConversationFinder>()
        .AddSingleton(new JournalOptions())
        .AddSingleton(new SessionOptions())
        .AddSingleton<ConversationContext>()
        .AddSingleton<ConversationStore>();
}
