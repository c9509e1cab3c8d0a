using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Conversations;

namespace OpAgent.Server.Tests.Security;

/// <summary>Goes over all endpoints that the host has, so that none is forgotten.</summary>
public sealed class EveryEndpointTests
{
    // Whoever reaches the host may call these, since nobody can have signed in before them.
    private static readonly string[] OpenToAll =
    [
        "GET /healthz/live", "GET /healthz/ready",
        "GET /api/v1/account/antiforgery", "GET /api/v1/account/setup",
        "POST /api/v1/account/reset", "POST /api/v1/account/setup", "POST /api/v1/account/sign-in",
        "GET /reset", "GET /setup", "GET /sign-in", "POST /reset", "POST /setup", "POST /sign-in",
    ];

    // What pages are made of: scripts and sheets of the packages, the same for everybody.
    private static readonly string[] Files = ["/_content/", "/_framework/"];

    // Every method of the hub, with arguments; the second says what it takes beyond reading.
    private static readonly Dictionary<string, (object?[] Arguments, bool Converses)> HubMethods = new()
    {
        ["Follow"] = (["none", 0], false),
        ["Prompt"] = (["none", "Hello", null, null], true),
        ["Cancel"] = (["none"], true),
        ["Answer"] = (["none", "allow_once"], true),
    };

    [Fact]
    public async Task Endpoints_OfTheHost_NameWhoMayCallThem()
    {
        await using var host = await HostFixture.StartAsync();

        var routes = Routes(host).Where(route => !Files.Any(("/" + route.RoutePattern.RawText?.TrimStart('/')).StartsWith)).ToList();

        Assert.Equal(OpenToAll.Order(), routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).SelectMany(Requests).Select(Text).Order());
        // The framework's own, for files that a build adds while the program runs, names nobody either: it is closed, as everything that names nobody is.
        routes.RemoveAll(route => route.RoutePattern.RawText == "{**path:file}");
        Assert.Empty(routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null && route.Metadata.GetOrderedMetadata<IAuthorizeData>().All(data => data.Policy is null))
            .SelectMany(Requests).Select(Text));
        Assert.True(routes.Count > 40, "The routes are not all there.");
    }

    [Fact]
    public async Task Requests_WithoutASession_AreRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp();

        foreach (var request in Closed(host)) await RefusesAsync(client, request, 401, "unauthorized");
    }

    [Fact]
    public async Task Requests_UnderAForeignName_AreRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        browser.Http.DefaultRequestHeaders.Host = "evil.example";

        foreach (var request in All(host)) await RefusesAsync(browser.Http, request, 403, "host-not-allowed");
    }

    [Fact]
    public async Task Requests_OfAForeignPage_AreRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        browser.Http.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        foreach (var request in All(host)) await RefusesAsync(browser.Http, request, 403, "origin-not-allowed");
    }

    [Fact]
    public async Task RequestsThatChangeSomething_WithoutTheAntiforgeryToken_AreRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        using var stranger = host.Browse();

        foreach (var request in Changing(host)) await RefusesAsync(browser.Http, request, 403, IsForTheSocket(request) ? "forbidden" : "antiforgery-missing");
        // Nor may anybody be signed in as somebody else.
        foreach (var request in Changing(host).Where(request => OpenToAll.Contains(Text(request)))) await RefusesAsync(stranger.Http, request, 403, "antiforgery-missing");
    }

    [Fact]
    public async Task RequestsThatChangeSomething_WithATokenForReading_AreRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp(await host.CreateTokenAsync("read"));

        foreach (var request in Changing(host).Where(request => !OpenToAll.Contains(Text(request)) && !request.Path.StartsWith("/hubs", StringComparison.Ordinal)))
            await RefusesAsync(client, request, 403, "forbidden");
    }

    [Fact]
    public void HubMethods_OfTheHub_AreThoseThatAreTested() =>
        Assert.Equal(HubMethods.Keys.Order(), typeof(ConversationHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name).Order());

    [Fact]
    public async Task HubMethods_ForATokenForReading_OnlyRead()
    {
        await using var host = await HostFixture.StartAsync();
        await using var hub = Hub(host, await host.CreateTokenAsync("read"));
        await hub.StartAsync(HostFixture.Cancellation);

        foreach (var (method, (arguments, converses)) in HubMethods)
        {
            var refused = await Assert.ThrowsAsync<HubException>(async () =>
            {
                if (method == "Follow") await hub.StreamAsyncCore<JsonElement>(method, arguments, HostFixture.Cancellation).GetAsyncEnumerator().MoveNextAsync();
                else await hub.InvokeCoreAsync<JsonElement>(method, arguments, HostFixture.Cancellation);
            });
            Assert.Equal(converses, refused.Message.Contains("unauthorized", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Hub_WithoutASession_IsClosed()
    {
        await using var host = await HostFixture.StartAsync();
        await using var hub = Hub(host, token: null);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(HostFixture.Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static HubConnection Hub(HostFixture host, string? token) => new HubConnectionBuilder()
        .WithUrl(new Uri(host.Url, "/hubs/v1"), options => options.AccessTokenProvider = () => Task.FromResult(token)).Build();

    private static IEnumerable<RouteEndpoint> Routes(HostFixture host) =>
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static List<(string Method, string Path)> All(HostFixture host) => [.. Routes(host).SelectMany(Requests).Distinct()];

    private static IEnumerable<(string Method, string Path)> Closed(HostFixture host) => All(host).Where(request => !OpenToAll.Contains(Text(request)) && !Files.Any(request.Path.StartsWith));

    private static IEnumerable<(string Method, string Path)> Changing(HostFixture host) => All(host).Where(request => request.Method != "GET");

    private static bool IsForTheSocket((string Method, string Path) request) => request.Path == "/api/v1/setup-code";

    private static IEnumerable<(string Method, string Path)> Requests(RouteEndpoint route)
    {
        var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
            string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "x"))));
        return (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET", "POST"]).Where(method => method != "HEAD").Select(method => (method, path));
    }

    private static string Text((string Method, string Path) request) => $"{request.Method} {request.Path}";

    private static async Task RefusesAsync(HttpClient client, (string Method, string Path) request, int status, string type)
    {
        using var message = new HttpRequestMessage(new(request.Method), request.Path);
        if (request.Method is not "GET") message.Content = JsonContent.Create(new { });
        var problem = await HostFixture.ProblemOf(client.SendAsync(message, HostFixture.Cancellation));
        Assert.Equal((Text(request), status, type), (Text(request), problem.Status, problem.Type));
    }
}
