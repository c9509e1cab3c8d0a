using System.Net;

namespace OpAgent.Server.Tests.Security;

public sealed class UserTests
{
    [Fact]
    public async Task Add_OfAMember_LetsThePersonChooseAPasswordAndWork()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();

        using var member = await JoinAsync(host, "Jürgen");

        var caller = await HostFixture.ReadAsync(await member.GetAsync("account"));
        Assert.Equal(("Jürgen", "member", 3), (caller.GetProperty("name").GetString(), caller.GetProperty("role").GetString(), caller.GetProperty("scopes").GetArrayLength()));
        Assert.Equal(HttpStatusCode.Created, (await member.PostAsync("workspaces", new { path = "/srv/docs" })).StatusCode);
        Assert.Equal("forbidden", (await HostFixture.ProblemOf(member.GetAsync("users"))).Type);
        Assert.Equal("forbidden", (await HostFixture.ProblemOf(member.PostAsync($"users/{Browser.Owner}/reset"))).Type);
    }

    [Fact]
    public async Task Add_BeforeThereIsAnOwnerOrOfATakenName_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();
        var early = await HostFixture.ProblemOf(host.Owner.PostAsync("users", Json(new { name = "bob" }), HostFixture.Cancellation));
        using var owner = await host.SetUpAsync();

        var taken = await HostFixture.ProblemOf(host.Owner.PostAsync("users", Json(new { name = "Alice" }), HostFixture.Cancellation));
        var invalid = await HostFixture.ProblemOf(host.Owner.PostAsync("users", Json(new { name = "../x" }), HostFixture.Cancellation));

        Assert.Equal(("forbidden", "name-taken", "name-invalid"), (early.Type, taken.Type, invalid.Type));
    }

    [Fact]
    public async Task Reset_OfAPerson_EndsSessionsAndTheOldPasswordUntilTheCodeIsUsed()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();

        var reset = await host.PostAsync($"users/{Browser.Owner}/reset");

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync()).StatusCode);
        Assert.Contains($"/reset#name={Browser.Owner}&code={reset.GetProperty("code").GetString()}", reset.GetProperty("link").GetString());
        var code = reset.GetProperty("code").GetString();
        await HostFixture.ReadAsync(await browser.PostAsync("account/reset", new { name = Browser.Owner, code, password = "another long password" }));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("account")).StatusCode);
        Assert.Equal("code-refused", (await HostFixture.ProblemOf(browser.PostAsync("account/reset", new { name = Browser.Owner, code, password = "another long password" }))).Type);
    }

    [Fact]
    public async Task Reset_WithAnothersCode_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        var code = (await host.PostAsync("users", new { name = "bob" })).GetProperty("code").GetString();
        using var browser = host.Browse();

        foreach (var name in (string[])[Browser.Owner, "nobody"])
            Assert.Equal("code-refused", (await HostFixture.ProblemOf(browser.PostAsync("account/reset", new { name, code, password = "another long password" }))).Type);

        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("account")).StatusCode);
    }

    [Fact]
    public async Task Remove_OfAMember_EndsSessionsAndTokens()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var member = await JoinAsync(host, "bob");
        var token = (await HostFixture.ReadAsync(await member.PostAsync("tokens", new { name = "phone" }))).GetProperty("token").GetString();
        using var client = host.OverTcp(token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/account", HostFixture.Cancellation)).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync("users/bob")).StatusCode);
        var stays = await HostFixture.ProblemOf(owner.DeleteAsync($"users/{Browser.Owner}"));

        Assert.Equal("owner-stays", stays.Type);
        Assert.Equal(HttpStatusCode.Unauthorized, (await member.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/account", HostFixture.Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await member.SignInAsync("bob")).StatusCode);
    }

    /// <summary>A browser in which a new member has signed in.</summary>
    internal static async Task<Browser> JoinAsync(HostFixture host, string name)
    {
        var code = (await host.PostAsync("users", new { name })).GetProperty("code").GetString();
        var browser = host.Browse();
        await HostFixture.ReadAsync(await browser.PostAsync("account/reset", new { name, code, password = Browser.Password }));
        return browser;
    }

    private static HttpContent Json(object body) => System.Net.Http.Json.JsonContent.Create(body);
}
