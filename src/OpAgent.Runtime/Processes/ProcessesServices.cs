namespace OpAgent.Runtime.Processes;

internal static class ProcessesServices
{
    public static IServiceCollection AddProcesses(this IServiceCollection services) => services
        .AddSingleton<ContainmentGroups>()
        .AddSingleton<ProcessSupervisor>();
}
