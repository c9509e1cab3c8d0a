using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace OpAgent.Server.Edge;

/// <summary>Open to everybody, so they say nothing but yes or no.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/healthz").AllowAnonymous().WithTags("Health");
        health.MapGet("/live", () => TypedResults.Text("yes")).WithSummary("The host runs.").Produces<string>(200, "text/plain");
        // Storage is opened before the host listens, so the host is ready until it ends.
        health.MapGet("/ready", (IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested
                ? TypedResults.Text("no", statusCode: StatusCodes.Status503ServiceUnavailable)
                : TypedResults.Text("yes"))
            .WithSummary("The host takes requests.").Produces<string>(200, "text/plain").Produces<string>(503, "text/plain");
    }
}
