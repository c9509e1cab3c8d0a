using Microsoft.Extensions.Logging.Console;
using OpAgent.Server.Conversations;
using OpAgent.Server.Edge;
using OpAgent.Server.Machines;
using OpAgent.Server.Packages;
using OpAgent.Server.Search;
using OpAgent.Server.Security;
using OpAgent.Server.Storage;
using OpAgent.Server.Welcome;
using OpAgent.Server.Workspaces;
using OpAgent.Ui;
using OpAgent.Ui.Assets;

namespace OpAgent;

/// <summary>The host, slice by slice.</summary>
public static class HostApplication
{
    /// <param name="data">The host's data directory; its lock is the caller's.</param>
    /// <param name="settings">What stands above the environment and appsettings.json.</param>
    /// <param name="replace">Registers other services first; for tests.</param>
    public static WebApplication Build(DataDirectory data, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Whichever program hosts it: the manifests of its assets carry this name.
            ApplicationName = typeof(HostApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseKestrelHttpsConfiguration();
        // Where the program was built and not published, packages' assets are still in their packages.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        // What a person or a program reads is on stdout, and its last line is the link.
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        replace?.Invoke(builder.Services);
        // What fails in the database is thrown, and told by whoever asked.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.None);
        // A refusal is an answer to its caller; what nobody expects, the hub's filter logs.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
        // Why a start fails is said by whoever starts the host, in words and without a stack.
        var started = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Warning);

        builder.Services.AddEdge(builder.Configuration);
        builder.Services.AddSecurity(data);
        builder.Services.AddStorage(data);
        builder.Services.AddMachines();
        builder.Services.AddWorkspaces();
        builder.Services.AddPackages();
        builder.Services.AddConversations();
        builder.Services.AddSearch();
        builder.Services.AddWelcome();
        builder.Services.AddUi();

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => started = true);
        app.UseEdge();
        app.UseAssets();
        app.UseSecurity();
        app.UseBodyLimits();

        app.MapEdge();
        app.MapConversationHub();
        var api = app.MapGroup("/api/v1");
        api.MapSecurity();
        api.MapMachines();
        api.MapWorkspaces();
        api.MapPackages();
        api.MapConversations();
        api.MapSearch();
        app.MapUi();
        return app;
    }
}
