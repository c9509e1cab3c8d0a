using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OpAgent.Server.Machines;

public static class MachinesSetup
{
    public static void AddMachines(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(LocalProgram.BesideHost);
        services.AddOptions<MachineOptions>().BindConfiguration("");
        services.AddSingleton<RuntimeLauncher>();
        services.TryAddSingleton<IMachineTransport, LocalTransport>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<MachineConnection>(provider, MachineRegistry.Local));
        services.AddSingleton<LiveBoard>();
        services.AddSingleton<MachineRegistry>();
        services.AddSingleton<IAttachStep, RecordMachine>();
        services.AddSingleton<RuntimeUpgrades>();
        services.AddSingleton<MachineInspector>();
        services.AddSingleton<ProcessControl>();
        services.AddHostedService<MachineAttendant>();
    }

    public static void MapMachines(this IEndpointRouteBuilder api)
    {
        api.MapMachineEndpoints();
        api.MapProcesses();
    }
}
