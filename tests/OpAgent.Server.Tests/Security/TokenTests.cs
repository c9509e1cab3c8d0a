using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OpAgent.Server.Tests.Security;

public sealed class TokenTests
{
    [Theory]
    [InlineData("read", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("converse", HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("write", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Created, HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    public async Task Token_WithAScope_DoesThatAndReads(string scope, HttpStatusCode reads, HttpStatusCode converses, HttpStatusCode writes, HttpStatusCode administers)
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp(await host.CreateTokenAsync(scope));
        var conversation = host.Runtime.Add("/srv/docs");

        Assert.Equal(reads, (await client.GetAsync("/api/v1/workspaces", HostFixture.Cancellation)).StatusCode);
        Assert.Equal(converses, (await client.PostAsJsonAsync($"/api/v1/conversations/{conversation.Id}/turns", new { text = "Hello" }, HostFixture.Cancellation)).StatusCode);
        Assert.Equal(writes, (await client.PostAsJsonAsync("/api/v1/workspaces", new { path = "/srv/docs" }, HostFixture.Cancellation)).StatusCode);
        Assert.Equal(administers, (await client.GetAsync("/api/v1/users", HostFixture.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Refusal_OfAToken_NamesTheScopeThatIsMissing()
    {
        await using var host = await HostFixture.StartAsync();
        using var client = host.OverTcp(await host.CreateTokenAsync("read"));

        var write = await HostFixture.ProblemOf(client.PostAsJsonAsync("/api/v1/workspaces", new { path = "/srv" }, HostFixture.Cancellation));
        var session = await HostFixture.ProblemOf(client.GetAsync("/api/v1/account/sessions", HostFixture.Cancellation));
        var socket = await HostFixture.ProblemOf(client.PostAsync("/api/v1/setup-code", null, HostFixture.Cancellation));

        Assert.Contains("needs the scope 'write'; this caller has read.", write.Detail);
        Assert.Contains("a person who has signed in", session.Detail);
        Assert.Contains("opagent command", socket.Detail);
    }

    [Fact]
    public async Task Token_OfAMember_CanDoNoMoreThanTheMember()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var member = await UserTests.JoinAsync(host, "bob");

        var refused = await HostFixture.ProblemOf(member.PostAsync("tokens", new { name = "more", scopes = new[] { "admin" } }));
        var made = await HostFixture.ReadAsync(await member.PostAsync("tokens", new { name = "phone", scopes = new[] { "converse" }, expiresInDays = 30 }));

        Assert.Equal("forbidden", refused.Type);
        Assert.Equal(["read", "converse"], made.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        using var client = host.OverTcp(made.GetProperty("token").GetString());
        Assert.Equal("bob", (await HostFixture.ReadAsync(await client.GetAsync("/api/v1/account", HostFixture.Cancellation))).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Tokens_OfOthers_AreForTheOwnerToSee()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var member = await UserTests.JoinAsync(host, "bob");
        await host.CreateTokenAsync();
        var made = await HostFixture.ReadAsync(await owner.PostAsync("tokens", new { name = "owner's" }));
        await HostFixture.ReadAsync(await member.PostAsync("tokens", new { name = "bob's" }));

        Assert.Equal(["bob's"], await NamesAsync(member));
        Assert.Equal(["test", "owner's", "bob's"], await NamesAsync(owner));
        Assert.Equal("token-not-found", (await HostFixture.ProblemOf(member.DeleteAsync($"tokens/{made.GetProperty("id").GetString()}"))).Type);
    }

    [Theory]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"x","scopes":["everything"]}""")]
    [InlineData("""{"name":"x","expiresInDays":0}""")]
    public async Task Create_OfATokenThatCannotBe_IsRefused(string body)
    {
        await using var host = await HostFixture.StartAsync();
        using var content = new StringContent(body, null, "application/json");

        Assert.Equal("invalid-request", (await HostFixture.ProblemOf(host.Owner.PostAsync("tokens", content, HostFixture.Cancellation))).Type);
    }

    [Fact]
    public async Task Revoke_OfATokenByItself_IsAnswered()
    {
        await using var host = await HostFixture.StartAsync();
        var made = await host.PostAsync("tokens", new { name = "test", scopes = new[] { "admin" } });
        using var client = host.OverTcp(made.GetProperty("token").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/v1/tokens/{made.GetProperty("id").GetString()}", HostFixture.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/account", HostFixture.Cancellation)).StatusCode);
    }

    private static async Task<IEnumerable<string?>> NamesAsync(Browser browser) =>
        (await HostFixture.ReadAsync(await browser.GetAsync("tokens"))).GetProperty("items").EnumerateArray().Select(token => token.GetProperty("name").GetString());
}
