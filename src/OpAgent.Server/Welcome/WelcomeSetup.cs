using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Security;

namespace OpAgent.Server.Welcome;

public static class WelcomeSetup
{
    public static void AddWelcome(this IServiceCollection services)
    {
        services.AddSingleton<WelcomeWorkspace>();
        services.AddSingleton<IOwnerStep, FirstWelcome>();
    }
}
