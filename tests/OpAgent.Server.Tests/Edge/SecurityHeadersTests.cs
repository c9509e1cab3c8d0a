using System.Text.RegularExpressions;

namespace OpAgent.Server.Tests.Edge;

public sealed partial class SecurityHeadersTests
{
    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/api/v1/workspaces")]
    [InlineData("/api/v1/account/antiforgery")]
    [InlineData("/nothing")]
    public async Task Answer_OfAnyKind_TellsTheBrowserWhatToRefuse(string path)
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp();

        var headers = (await client.GetAsync(path, HostFixture.Cancellation)).Headers;

        var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.Matches(ScriptSource(), policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe-", policy);
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Contains("camera=()", Assert.Single(headers.GetValues("Permissions-Policy")));
    }

    [Fact]
    public async Task Answer_ToAForeignName_HasTheHeadersToo()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp();
        client.DefaultRequestHeaders.Host = "evil.example";

        Assert.True((await client.GetAsync("/", HostFixture.Cancellation)).Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Nonce_OfEachAnswer_IsAnother()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp();
        var nonces = new HashSet<string>();

        for (var answer = 0; answer < 10; answer++)
        {
            var policy = (await client.GetAsync("/healthz/live", HostFixture.Cancellation)).Headers.GetValues("Content-Security-Policy").Single();
            nonces.Add(ScriptSource().Match(policy).Groups[1].Value);
        }

        Assert.Equal(10, nonces.Count);
        Assert.All(nonces, nonce => Assert.True(nonce.Length >= 22));
    }

    [GeneratedRegex("script-src 'self' 'nonce-([A-Za-z0-9_-]+)';")]
    private static partial Regex ScriptSource();
}
