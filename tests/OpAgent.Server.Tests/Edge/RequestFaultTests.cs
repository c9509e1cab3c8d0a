using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Tests.Edge;

public sealed class RequestFaultTests
{
    // What the framework and the parser say to programmers, and names of types.
    private static readonly string[] ForeignWords =
        ["to bind", "parameter", "Nullable", "System.", "OpAgent.", "Path: ", "LineNumber", "BytePosition", "converted", "inferred", "Did you mean", "unexpectedly", "Exception"];

    [Fact]
    public async Task EveryEndpoint_WithABodyThatDoesNotFit_SaysInItsOwnWordsWhatIsWrong()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await SignedInAsync(host);
        var asked = 0;
        foreach (var (method, address, endpoint) in Endpoints(host))
        {
            if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not { RequestType: { } type } accepts || type == typeof(byte[])) continue;
            foreach (var (body, says) in Spoiled(type).Concat(accepts.IsOptional ? [] : [("", "has no body"), ("null", "has no body")]))
            {
                await RefusedAsync(Caller(host, browser, endpoint), method, address, new StringContent(body, new MediaTypeHeaderValue("application/json")), 400, "invalid-request", says);
                asked++;
            }

            await RefusedAsync(Caller(host, browser, endpoint), method, address, new StringContent("a=1", new MediaTypeHeaderValue("text/plain")), 415, "media-type-not-supported", "application/json");
        }

        Assert.True(asked > 40, $"Only {asked} bodies were tried.");
    }

    [Fact]
    public async Task EveryEndpoint_WithAValueInTheAddressThatDoesNotFit_SaysWhichAndWhatIsAllowed()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await SignedInAsync(host);
        var workspace = await host.OpenAsync();
        var asked = 0;
        foreach (var (method, address, endpoint) in Endpoints(host, workspace))
        {
            foreach (var (name, value, allowed) in ((string, string, string)[])[("limit", "abc", "a whole number"), ("limit", "99999999999", "a whole number"), ("limit", "0", "1 to 1000"), ("cursor", "***", "cursor"), ("recursive", "maybe", "true or false"), ("state", "open", "pending")])
            {
                if (!Takes(endpoint, name)) continue;
                await RefusedAsync(Caller(host, browser, endpoint), method, $"{address}?{name}={value}&q=word&path=a", null, 400, "invalid-request", allowed);
                asked++;
            }
        }

        Assert.True(asked > 30, $"Only {asked} values were tried.");
    }

    [Fact]
    public async Task EveryEndpoint_WithAnIdThatIsNone_SaysThatNothingIsCalledSo()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await SignedInAsync(host);
        foreach (var (method, address, endpoint) in Endpoints(host).Where(entry => entry.Address.Contains("no-such")))
        {
            var content = endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type } && type != typeof(byte[]) ? JsonContent(type) : null;
            var problem = await HostFixture.ProblemOf(Caller(host, browser, endpoint).SendAsync(new(new(method), $"{address}?path=a") { Content = content }, HostFixture.Cancellation));

            Assert.True(problem.Status is 404 or 422, $"{method} {address} was answered with {problem}.");
            Assert.EndsWith("not-found", problem.Type);
        }
    }

    [Theory]
    [InlineData("conversations/{id}/turns", "{\"text\":\"x\",\"attachments\":\"a\"}", "'attachments' in the body must be a list of which each item is a text (line 1, byte 30).")]
    [InlineData("conversations/{id}/turns", "{\"text\":\"x\",\"attachments\":[\"a\",7]}", "'attachments[1]' in the body must be a text")]
    [InlineData("conversations/{id}/turns", "{\"text\":\"x\",\"attachments\":[null]}", "'attachments' holds an entry without a name")]
    [InlineData("conversations/{id}/turns", "{\n\"queue\":3}", "'queue' in the body must be true or false (line 2,")]
    [InlineData("conversations/{id}/turns", "{\"text\":\"x\"", "The body is not valid JSON: it cannot be read on from line 1, byte")]
    [InlineData("workspaces", "[]", "The body must be an object with machine, path, trust, fullRights (line 1, byte 2).")]
    [InlineData("permissions/p1", "{\"option\":\"sometimes\"}", "'sometimes' is no option: choose one of allow_once, allow_always, reject_once, reject_always")]
    [InlineData("permissions/p1", "{\"option\":\"allow_once\",\"optionId\":\"yes\"}", "The answer names both an option and an optionId")]
    [InlineData("permissions/p1", "{}", "The answer chooses nothing")]
    public async Task Request_ThatDoesNotFit_IsToldWhereAndWhatIsAllowed(string address, string body, string says)
    {
        await using var host = await HostFixture.StartAsync();
        var id = host.Runtime.Add("/srv/docs").Id;

        await RefusedAsync(host.Owner, "POST", address.Replace("{id}", id), new StringContent(body, new MediaTypeHeaderValue("application/json")), 400, "invalid-request", says);
    }

    private static async Task RefusedAsync(HttpClient caller, string method, string address, HttpContent? content, int status, string type, string says)
    {
        var problem = await HostFixture.ProblemOf(caller.SendAsync(new(new(method), address) { Content = content }, HostFixture.Cancellation));
        var request = $"{method} {address} with '{(content is null ? "" : await content.ReadAsStringAsync(HostFixture.Cancellation))}'";
        Assert.True((status, type) == (problem.Status, problem.Type), $"{request} was answered with {problem}.");
        Assert.True(problem.Detail.Contains(says, StringComparison.Ordinal), $"{request}: '{problem.Detail}' says nothing of '{says}'.");
        Assert.All(ForeignWords, word => Assert.DoesNotContain(word, problem.Detail));
    }

    /// <summary>A person's browser, which sends what a page of this host sends along.</summary>
    private static async Task<Browser> SignedInAsync(HostFixture host)
    {
        var browser = await host.SetUpAsync();
        using var given = await browser.GetAsync("account/antiforgery");
        browser.Http.DefaultRequestHeaders.Add("X-OpAgent-Antiforgery", (await HostFixture.ReadAsync(given)).GetProperty("token").GetString());
        return browser;
    }

    /// <summary>Somebody whom the endpoint lets in.</summary>
    private static HttpClient Caller(HostFixture host, Browser browser, RouteEndpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy == Access.Session) ? browser.Http : host.Owner;

    /// <summary>Every endpoint of the API with each of its methods, its address filled in.</summary>
    private static IEnumerable<(string Method, string Address, RouteEndpoint Endpoint)> Endpoints(HostFixture host, string id = "no-such") =>
        host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
                (method, endpoint.RoutePattern.RawText!["/api/v1/".Length..].Replace("{id}", id).Replace("{name}", id == "no-such" ? id : "local"), endpoint)));

    /// <summary>Bodies that do not fit the type, and what their refusal must name: one for each member among them.</summary>
    private static IEnumerable<(string Body, string Says)> Spoiled(Type type)
    {
        yield return ("[]", "The body must be an object with");
        yield return ("7", "The body must be an object with");
        yield return ("{\"", "not valid JSON");
        foreach (var property in EdgeJson.Options.GetTypeInfo(type).Properties) yield return ($"{{\"{property.Name}\":{{}}}}", $"'{property.Name}' in the body must be ");
    }

    private static bool Takes(RouteEndpoint endpoint, string name) => endpoint.Metadata.OfType<IParameterBindingMetadata>().Any(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        || (name is "limit" or "cursor" && endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>()!.GetParameters().Any(parameter => parameter.ParameterType == typeof(PageQuery)));

    /// <summary>A body that says something for every member.</summary>
    private static StringContent JsonContent(Type type) => new(
        JsonSerializer.Serialize(EdgeJson.Options.GetTypeInfo(type).Properties.Where(property => property.PropertyType == typeof(string) && property.Name != "optionId").ToDictionary(property => property.Name, property => property.Name == "option" ? "allow_once" : "a")),
        new MediaTypeHeaderValue("application/json"));
}
