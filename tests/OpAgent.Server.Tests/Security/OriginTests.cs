using System.Net;
using System.Net.WebSockets;

namespace OpAgent.Server.Tests.Security;

public sealed class OriginTests
{
    private const string Evil = "https://evil.example";

    [Theory]
    [InlineData("GET", "/api/v1/workspaces")]
    [InlineData("POST", "/api/v1/workspaces")]
    [InlineData("POST", "/hubs/v1/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/healthz/live")]
    [InlineData("OPTIONS", "/api/v1/workspaces")]
    public async Task Request_OfAForeignPage_IsRefused(string method, string path)
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp(await host.CreateTokenAsync());

        foreach (var origin in (string[])[Evil, "null", "http://127.0.0.1:1", $"http://evil.example:{host.Url.Port}", ""])
        {
            using var request = new HttpRequestMessage(new(method), path);
            request.Headers.TryAddWithoutValidation("Origin", origin);
            var problem = await HostFixture.ProblemOf(client.SendAsync(request, HostFixture.Cancellation));
            Assert.Equal((403, "origin-not-allowed"), (problem.Status, problem.Type));
        }
    }

    [Fact]
    public async Task WebSocket_OfAForeignPage_IsRefusedWith403()
    {
        await using var host = await HostFixture.StartAsync();
        var token = await host.CreateTokenAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await UpgradeAsync(host, token, Evil));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await UpgradeAsync(host, token, host.Url.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await UpgradeAsync(host, token, null));
    }

    [Fact]
    public async Task Request_OfOwnPages_IsAnswered()
    {
        await using var host = await HostFixture.StartAsync(settings: ("PublicUrl", "https://agents.example.org/"));
        using var client = host.OverTcp(await host.CreateTokenAsync());

        foreach (var origin in (string[])[host.Url.GetLeftPart(UriPartial.Authority), "https://agents.example.org"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/workspaces") { Headers = { { "Origin", origin } } };
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, HostFixture.Cancellation)).StatusCode);
        }
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example:5080", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("[::1]", true)]
    [InlineData("opagent.localhost:5080", true)]
    [InlineData("nas.lan", true)]
    [InlineData("agents.example.org", true)]
    public async Task Request_UnderAName_IsAnsweredWhereTheNameIsTheHosts(string name, bool own)
    {
        await using var host = await HostFixture.StartAsync(settings: [("AllowedHosts", "nas.lan;attic.lan"), ("PublicUrl", "https://agents.example.org")]);
        using var client = host.OverTcp(await host.CreateTokenAsync());
        client.DefaultRequestHeaders.Host = name;

        var response = client.GetAsync("/api/v1/workspaces", HostFixture.Cancellation);

        if (own) Assert.Equal(HttpStatusCode.OK, (await response).StatusCode);
        else Assert.Equal("host-not-allowed", (await HostFixture.ProblemOf(response)).Type);
    }

    private static async Task<HttpStatusCode> UpgradeAsync(HostFixture host, string token, string? origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        var url = new UriBuilder(host.Url) { Scheme = "ws", Path = "/hubs/v1", Query = $"access_token={token}" }.Uri;
        try
        {
            await socket.ConnectAsync(url, HostFixture.Cancellation);
        }
        catch (WebSocketException)
        {
            // The status says it.
        }

        return socket.HttpStatusCode;
    }
}
