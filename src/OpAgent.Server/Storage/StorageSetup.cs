using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Security;

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
        services.AddSingleton<AccountTable>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton<CodeTable>();
        // Identity's store wants a database for each of its scopes.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<OpAgentDbContext>>().CreateDbContext());
        services.AddScoped<IUserStore<Account>, UserOnlyStore<Account, OpAgentDbContext>>();
    }

    /// <summary>Brings the database to the state that this program needs. To be called before the application starts.</summary>
    public static Task OpenStorageAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<OpAgentDatabase>().OpenAsync(cancellationToken);
}
