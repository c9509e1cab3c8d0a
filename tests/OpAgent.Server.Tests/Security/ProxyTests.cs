using System.Net.Http.Json;

namespace OpAgent.Server.Tests.Security;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", "__Host-opagent=")]
    [InlineData("192.0.2.1", "127.0.0.1", "opagent=")]
    public async Task ForwardedHeaders_OfAProxy_AreBelievedWhereItIsTrusted(string trusted, string address, string cookie)
    {
        await using var host = await HostFixture.StartAsync(settings: [("TrustedProxies", trusted), ("AllowedHosts", "agents.example.org")]);
        using var browser = await host.SetUpAsync();
        using var proxy = Proxy(host, "agents.example.org");

        using var given = await proxy.GetAsync("/api/v1/account/antiforgery", HostFixture.Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/account/sign-in") { Content = JsonContent.Create(new { name = Browser.Owner, password = Browser.Password }) };
        request.Headers.Add("Cookie", given.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        request.Headers.Add("X-OpAgent-Antiforgery", (await HostFixture.ReadAsync(given)).GetProperty("token").GetString());
        using var response = await proxy.SendAsync(request, HostFixture.Cancellation);

        await HostFixture.ReadAsync(response);
        Assert.Contains(response.Headers.GetValues("Set-Cookie"), set => set.StartsWith(cookie, StringComparison.Ordinal));
        var sessions = await HostFixture.ReadAsync(await browser.GetAsync("account/sessions"));
        Assert.Equal(address, sessions.GetProperty("items")[0].GetProperty("address").GetString());
    }

    [Fact]
    public async Task ForwardedName_ThatIsNotTheHosts_IsRefused()
    {
        await using var host = await HostFixture.StartAsync(settings: ("TrustedProxies", "127.0.0.1"));
        using var proxy = Proxy(host, "evil.example");

        Assert.Equal("host-not-allowed", (await HostFixture.ProblemOf(proxy.GetAsync("/api/v1/account/antiforgery", HostFixture.Cancellation))).Type);
    }

    private static HttpClient Proxy(HostFixture host, string name)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = host.Url };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", name);
        return client;
    }
}
