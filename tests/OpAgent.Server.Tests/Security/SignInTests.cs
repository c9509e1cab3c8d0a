using System.Net;
using System.Text.Json;

namespace OpAgent.Server.Tests.Security;

public sealed class SignInTests
{
    [Fact]
    public async Task SignIn_WithNameAndPassword_OpensTheApi()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var browser = host.Browse();
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("workspaces")).StatusCode);

        await HostFixture.ReadAsync(await browser.SignInAsync("ALICE"));

        await HostFixture.ReadAsync(await browser.GetAsync("workspaces"));
        Assert.Equal(HttpStatusCode.Created, (await browser.PostAsync("workspaces", new { path = "/srv/docs" })).StatusCode);
    }

    [Fact]
    public async Task SignIn_Refused_SaysTheSameOfAWrongNameAndAWrongPassword()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        await host.PostAsync("users", new { name = "nopassword" });
        using var browser = host.Browse();

        var refusals = new List<string>();
        foreach (var (name, password) in ((string?, string?)[])[(Browser.Owner, "wrong horse battery"), ("nobody", Browser.Password), ("nopassword", ""), (Browser.Owner, null), (null, null), ("x@y", new string('x', 100_000))])
        {
            using var response = await browser.PostAsync("account/sign-in", new { name, password });
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            refusals.Add(await response.Content.ReadAsStringAsync(HostFixture.Cancellation));
        }

        Assert.Single(refusals.Distinct());
        Assert.Equal("sign-in-refused", JsonElement.Parse(refusals[0]).GetProperty("type").GetString());
        Assert.Null(browser.Session);
    }

    [Fact]
    public async Task SignOut_OfABrowser_EndsItsSessionForAThiefToo()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        using var thief = host.Browse();
        thief.Cookies.Add(host.Url, new Cookie("opagent", browser.Session));
        await HostFixture.ReadAsync(await thief.GetAsync("account"));

        Assert.Equal(HttpStatusCode.NoContent, (await browser.PostAsync("account/sign-out")).StatusCode);

        Assert.Null(browser.Session);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("account")).StatusCode);
    }

    [Fact]
    public async Task SignIn_AsSomebodyElse_EndsTheSessionBefore()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var before = browser.Session;

        await HostFixture.ReadAsync(await browser.SignInAsync());

        Assert.NotEqual(before, browser.Session);
        Assert.Equal(1, (await HostFixture.ReadAsync(await browser.GetAsync("account/sessions"))).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task AntiforgeryToken_OfSomebodyElse_IsNotTaken()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = host.Browse();
        var before = (await HostFixture.ReadAsync(await browser.GetAsync("account/antiforgery"))).GetProperty("token").GetString();
        using var owner = await host.SetUpAsync();
        await HostFixture.ReadAsync(await browser.SignInAsync());

        using var request = new HttpRequestMessage(HttpMethod.Post, "account/sign-out") { Headers = { { "X-OpAgent-Antiforgery", before } } };

        Assert.Equal("antiforgery-missing", (await HostFixture.ProblemOf(browser.Http.SendAsync(request, HostFixture.Cancellation))).Type);
    }

    [Fact]
    public async Task AntiforgeryToken_InAForm_IsTakenToo()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var token = await HostFixture.ReadAsync(await browser.GetAsync("account/antiforgery"));

        using var form = new FormUrlEncodedContent([new(token.GetProperty("field").GetString()!, token.GetProperty("token").GetString())]);

        Assert.Equal(HttpStatusCode.NoContent, (await browser.Http.PostAsync("account/sign-out", form, HostFixture.Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1", null, "opagent", false)]
    [InlineData("http://agents.example.org", "https://agents.example.org", "__Host-opagent", true)]
    public async Task Cookie_OfASession_IsAsClosedAsTheAddressAllows(string url, string? publicUrl, string name, bool secure)
    {
        await using var host = await HostFixture.StartAsync(settings: ("PublicUrl", publicUrl!));
        using var browser = new Browser(new UriBuilder(url) { Port = host.Url.Port }.Uri);
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString();

        using var response = await browser.PostAsync("account/setup", new { code, name = Browser.Owner, password = Browser.Password });

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(name + "=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        Assert.Contains("path=/", cookie);
        Assert.DoesNotContain("domain", cookie);
        Assert.Equal(secure, cookie.Contains("; secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cookie_StolenAndUsedUnderAnotherNameOfTheHost_OpensNothing()
    {
        await using var host = await HostFixture.StartAsync(settings: ("AllowedHosts", "nas.lan"));
        using var browser = await host.SetUpAsync();

        foreach (var name in (string[])["opagent.localhost", "nas.lan", "localhost"])
        {
            using var thief = host.Browse(name);
            thief.Cookies.Add(thief.Http.BaseAddress!, new Cookie("opagent", browser.Session));
            Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("account")).StatusCode);
        }
    }

    [Theory]
    [InlineData("/", "/sign-in?return=%2F")]
    [InlineData("/workspaces/1?x=2", "/sign-in?return=%2Fworkspaces%2F1%3Fx%3D2")]
    public async Task Page_ForSomebodyWhoHasNotSignedIn_LeadsToTheEntranceUnderThePagesName(string path, string entrance)
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = host.Browse();
        using var named = host.Browse("opagent.localhost");
        browser.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html,*/*");
        named.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html,*/*");

        var first = (await browser.GetAsync(path)).Headers.Location!.ToString();
        using var owner = await host.SetUpAsync();

        Assert.Equal($"http://opagent.localhost:{host.Url.Port}/setup", first);
        Assert.Equal($"http://opagent.localhost:{host.Url.Port}{entrance}", (await browser.GetAsync(path)).Headers.Location!.ToString());
        Assert.Equal(entrance, (await named.GetAsync(path)).Headers.Location!.ToString());
    }
}
