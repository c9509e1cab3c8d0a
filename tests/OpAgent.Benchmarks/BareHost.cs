using MudBlazor.Services;

namespace OpAgent.Benchmarks;

/// <summary>The floor of a host with a page: Blazor Server and MudBlazor, in a process of its own. Ends with its standard input.</summary>
internal static class BareHost
{
    public const string Argument = "--bare-host";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        await using var app = builder.Build();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<BarePage>().AddInteractiveServerRenderMode();
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
    }
}
