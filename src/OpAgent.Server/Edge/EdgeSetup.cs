using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpAgent.Server.Security;

namespace OpAgent.Server.Edge;

public static class EdgeSetup
{
    public static void AddEdge(this IServiceCollection services, IConfiguration configuration)
    {
        // The server would take the addresses from there as well, and warn that it is told twice.
        var urls = configuration[nameof(EdgeOptions.Urls)];
        configuration[nameof(EdgeOptions.Urls)] = null;
        services.AddOptions<EdgeOptions>().Bind(configuration).Configure(options => options.Urls = urls).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsValidator>();
        services.AddSingleton<HostListeners>();
        services.AddSingleton<PageAddress>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(provider => provider.GetRequiredService<HostListeners>());

        // AllowedHosts is ours to check, together with Origin and with problem details for an answer.
        services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<EdgeOptions>>((forwarded, edge) =>
        {
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in EdgeOptions.Split(edge.Value.TrustedProxies)) forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            forwarded.ForwardedHeaders = forwarded.KnownProxies.Count > 0 ? ForwardedHeaders.All : ForwardedHeaders.None;
        });

        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddSingleton<EventStream>();
        services.ConfigureHttpJsonOptions(options => EdgeJson.Apply(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddOpenApiDescription();
    }

    /// <summary>What every request passes first, in this order.</summary>
    public static void UseEdge(this IApplicationBuilder app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseForwardedHeaders();
        app.UseMiddleware<HostAndOriginCheck>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => context.HttpContext.Response.StatusCode == StatusCodes.Status404NotFound && PagePaths.IsPageRequest(context.HttpContext.Request)
            ? ShowNotFoundAsync(context)
            : ProblemResponse.WriteStatusAsync(context.HttpContext));
        // After it, so that it can lead a request elsewhere.
        app.UseRouting();
    }

    /// <summary>Answers with the page that says so, under the address that was asked for.</summary>
    private static Task ShowNotFoundAsync(StatusCodeContext context)
    {
        var request = context.HttpContext.Request;
        context.HttpContext.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature { OriginalPath = request.Path, OriginalPathBase = request.PathBase, OriginalQueryString = request.QueryString.Value });
        context.HttpContext.SetEndpoint(null);
        request.Path = PagePaths.NotFound;
        return context.Next(context.HttpContext);
    }

    /// <summary>What a request passes last, when it is known who sends it.</summary>
    public static void UseBodyLimits(this IApplicationBuilder app) => app.UseMiddleware<BodyLimits>();

    public static void MapEdge(this IEndpointRouteBuilder routes)
    {
        routes.MapHealth();
        routes.MapOpenApi().RequireAuthorization(Access.Read);
    }

    /// <summary>Closes the host's socket to other users and returns the addresses on TCP. To be called once the application has started.</summary>
    public static IReadOnlyList<string> OpenDoors(this WebApplication app) =>
        app.Services.GetRequiredService<HostListeners>().Open(app.Services.GetRequiredService<IServer>());
}
