namespace OpAgent.Runtime.Sandboxes;

internal static class SandboxesServices
{
    public static IServiceCollection AddSandboxes(this IServiceCollection services) => services
        .AddSingleton<HiddenPlaces>()
        .AddSingleton<SandboxSupport>()
        .AddSingleton<SandboxPlanner>()
        .AddSingleton<AgentSandbox>();
}
