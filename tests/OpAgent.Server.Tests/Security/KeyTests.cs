using System.Net;

namespace OpAgent.Server.Tests.Security;

public sealed class KeyTests
{
    [Fact]
    public async Task Keys_OfTheHost_LieClosedInItsData()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(host.Data.Keys));
        Assert.NotEmpty(Directory.GetFiles(host.Data.Keys, "key-*.xml"));
    }

    [Fact]
    public async Task Session_AndFormOfAHost_HoldAtTheNextOneOnTheSameData()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var token = (await HostFixture.ReadAsync(await browser.GetAsync("account/antiforgery"))).GetProperty("token").GetString();

        await host.StopHostAsync();
        await host.StartHostAsync();
        using var next = host.Browse();
        foreach (Cookie cookie in browser.Cookies.GetAllCookies()) next.Cookies.Add(host.Url, new Cookie(cookie.Name, cookie.Value));
        using var request = new HttpRequestMessage(HttpMethod.Post, "account/sign-out") { Headers = { { "X-OpAgent-Antiforgery", token } } };

        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await next.Http.SendAsync(request, HostFixture.Cancellation)).StatusCode);
    }
}
