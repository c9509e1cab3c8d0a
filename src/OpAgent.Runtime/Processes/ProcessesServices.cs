namespace OpAgent.Runtime.Processes;

internal static class ProcessesServices
{
    public static IServiceCollection AddProcesses(this IServiceCollection services, ProcessSupervisor supervisor) => services.AddSingleton(supervisor);
}
