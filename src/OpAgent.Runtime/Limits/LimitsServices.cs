namespace OpAgent.Runtime.Limits;

internal static class LimitsServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services) => services.AddSingleton<AgentLimiter>();
}
