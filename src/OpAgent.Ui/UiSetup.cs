using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using OpAgent.Server.Security;
using OpAgent.Ui.Layout;
using OpAgent.Ui.Palette;
using OpAgent.Ui.Welcome;
using OpAgent.Ui.Workspaces;

namespace OpAgent.Ui;

public static class UiSetup
{
    // The host's own, also where another program runs it: a test, say.
    private const string Manifest = "opagent.staticwebassets.endpoints.json";

    public static void AddUi(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            // A page that comes back within this time goes on where it was; later it is loaded again, with its draft.
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
            options.DisconnectedCircuitMaxRetained = 200;
        });
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.VisibleStateDuration = 6000;
        });
        services.AddScoped<TourProgress>();
        services.AddCascadingAuthenticationState();
        services.AddScoped<Workbench>();
        services.AddScoped<FileNames>();
        services.AddSingleton<Suggestions>();
    }

    public static void MapUi(this IEndpointRouteBuilder routes)
    {
        // What pages look like is no secret, and people who sign in need it.
        routes.MapStaticAssets(Manifest).AllowAnonymous();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(Access.Session);
    }
}
