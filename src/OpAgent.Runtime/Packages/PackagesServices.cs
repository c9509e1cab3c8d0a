namespace OpAgent.Runtime.Packages;

internal static class PackagesServices
{
    public static IServiceCollection AddPackages(this IServiceCollection services) => services
        .AddSingleton<PackageStore>()
        .AddSingleton<AgentResolver>();
}
