using System.Net;
using System.Net.Http.Json;

namespace OpAgent.Server.Tests.Security;

public sealed class DoorTests
{
    [Theory]
    [InlineData("/api/v1/workspaces")]
    [InlineData("/api/v1/nothing-here")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/hubs/v1")]
    [InlineData("/")]
    public async Task Tcp_WithoutToken_IsClosed(string path)
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp();

        var response = await client.GetAsync(path, HostFixture.Cancellation);

        Assert.Equal("Bearer realm=\"OpAgent\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal((401, "unauthorized"), (await HostFixture.ProblemOf(Task.FromResult(response))) is var problem ? (problem.Status, problem.Type) : default);
    }

    [Fact]
    public async Task Tcp_WithAToken_IsOpenUntilTheTokenIsRevoked()
    {
        await using var host = await HostFixture.StartAsync();
        var made = await host.PostAsync("tokens", new { name = "phone" });
        using var client = host.OverTcp(made.GetProperty("token").GetString());

        await HostFixture.ReadAsync(await client.GetAsync("/api/v1/workspaces", HostFixture.Cancellation));
        await HostFixture.ReadAsync(await host.Owner.DeleteAsync($"tokens/{made.GetProperty("id").GetString()}", HostFixture.Cancellation));

        Assert.Equal("unauthorized", (await HostFixture.ProblemOf(client.GetAsync("/api/v1/workspaces", HostFixture.Cancellation))).Type);
    }

    [Theory]
    [InlineData("opa_")]
    [InlineData("opa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nonsense")]
    public async Task Tcp_WithAnotherToken_IsClosed(string token)
    {
        await using var host = await HostFixture.StartAsync();
        await host.CreateTokenAsync();
        using var client = host.OverTcp(token);

        Assert.Equal("unauthorized", (await HostFixture.ProblemOf(client.GetAsync("/api/v1/workspaces", HostFixture.Cancellation))).Type);
    }

    [Fact]
    public async Task Tcp_WithTheTokenInTheAddress_IsOpenForHubsOnly()
    {
        await using var host = await HostFixture.StartAsync();
        var token = await host.CreateTokenAsync();
        using var client = host.OverTcp();

        var hub = await client.PostAsync($"/hubs/v1/negotiate?negotiateVersion=1&access_token={token}", null, HostFixture.Cancellation);

        Assert.Equal(HttpStatusCode.OK, hub.StatusCode);
        Assert.Equal("unauthorized", (await HostFixture.ProblemOf(client.GetAsync($"/api/v1/workspaces?access_token={token}", HostFixture.Cancellation))).Type);
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task Health_OverTcpWithoutToken_SaysYes(string path)
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp();

        Assert.Equal("yes", await client.GetStringAsync(path, HostFixture.Cancellation));
    }

    [Fact]
    public async Task Tokens_OverTcp_AreForTheOwnerAtTheSocketOnly()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp(await host.CreateTokenAsync());

        Assert.Equal((403, "forbidden"), await HostFixture.ProblemOf(client.PostAsJsonAsync("/api/v1/tokens", new { name = "more" }, HostFixture.Cancellation)) is var problem ? (problem.Status, problem.Type) : default);
    }

    [Fact]
    public async Task Tokens_Listed_DoNotShowTheirSecret()
    {
        await using var host = await HostFixture.StartAsync();
        var token = await host.CreateTokenAsync();

        var listed = await host.GetAsync("tokens");

        Assert.Equal("test", listed.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.DoesNotContain(token, listed.GetRawText());
        Assert.True(token.StartsWith("opa_", StringComparison.Ordinal) && token.Length >= 4 + 43, "The token has fewer than 256 bits.");
        Assert.False(await host.DataHoldsAsync(token));
    }

    [Fact]
    public async Task Socket_OfTheHost_IsForItsOwnerOnly()
    {
        await using var host = await HostFixture.StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Data.HostSocket));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(host.Data.Path));
    }

    [Fact]
    public async Task Socket_ForAProcessThatTheRuntimeStarted_IsClosed()
    {
        // To this host the test is an agent: it descends from what says that it is the runtime.
        await using var host = await HostFixture.StartAsync(fixture => fixture.Runtime.Pid = Environment.ProcessId);
        await HostFixture.UntilAsync(
            async () => (await host.Owner.GetAsync("workspaces", HostFixture.Cancellation)).StatusCode == HttpStatusCode.Forbidden, "the host knows its runtime's process");

        var problem = await HostFixture.ProblemOf(host.Owner.GetAsync("workspaces", HostFixture.Cancellation));

        Assert.Equal((403, "peer-not-allowed"), (problem.Status, problem.Type));
    }
}
