using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace OpAgent.Server.Storage;

public static class StorageSetup
{
    public static void AddStorage(this IServiceCollection services, DataDirectory data)
    {
        services.AddSingleton(data);
        services.AddPooledDbContextFactory<OpAgentDbContext>(options => options.UseSqlite(OpAgentDatabase.ConnectionString(data.Database)));
        services.AddSingleton<OpAgentDatabase>();
        services.AddSingleton<MachineTable>();
        services.AddSingleton<WorkspaceTable>();
        services.AddSingleton<TokenTable>();
    }

    /// <summary>Brings the database to the state that this program needs. To be called before the application starts.</summary>
    public static Task OpenStorageAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<OpAgentDatabase>().OpenAsync(cancellationToken);
}
