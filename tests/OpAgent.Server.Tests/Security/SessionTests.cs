using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Core.Problems;
using OpAgent.Server.Security;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Tests.Security;

public sealed class SessionTests
{
    [Fact]
    public async Task Sessions_Listed_SayWhichDevicesThereAre()
    {
        await using var host = await HostFixture.StartAsync();
        using var laptop = await host.SetUpAsync();
        using var phone = host.Browse();
        phone.Http.DefaultRequestHeaders.Remove("User-Agent");
        phone.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1");
        await HostFixture.ReadAsync(await phone.SignInAsync());

        var sessions = (await HostFixture.ReadAsync(await laptop.GetAsync("account/sessions"))).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(["Safari on iPhone", "Firefox on Linux"], sessions.Select(session => session.GetProperty("device").GetString()));
        Assert.Equal([false, true], sessions.Select(session => session.GetProperty("current").GetBoolean()));
        Assert.False(await host.DataHoldsAsync(laptop.Session!));
    }

    [Fact]
    public async Task Revoke_OfASession_CutsOffItsEventsAtOnce()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var other = host.Browse();
        await HostFixture.ReadAsync(await other.SignInAsync());
        var conversation = host.Runtime.Add("/srv/docs");
        using var all = await ServerSentEvents.OpenAsync(other.Http, "events");
        using var one = await ServerSentEvents.OpenAsync(other.Http, $"conversations/{conversation.Id}/events");
        using var kept = await ServerSentEvents.OpenAsync(owner.Http, $"conversations/{conversation.Id}/events");
        var id = await OtherSessionAsync(owner);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"account/sessions/{id}")).StatusCode);

        await EndsAsync(all);
        await EndsAsync(one);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("account")).StatusCode);
        conversation.Append("turn.started");
        Assert.Equal("turn.started", (await kept.ReadAsync())!.Name);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    public async Task Revoke_OfAToken_CutsOffItsHubAndEventsAtOnce(HttpTransportType transport)
    {
        await using var host = await HostFixture.StartAsync();
        var made = await host.PostAsync("tokens", new { name = "phone" });
        var secret = made.GetProperty("token").GetString()!;
        using var client = host.OverTcp(secret);
        using var events = await ServerSentEvents.OpenAsync(client, "/api/v1/events");
        var closed = new TaskCompletionSource();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(host.Url, "/hubs/v1"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(secret)).Build();
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync(HostFixture.Cancellation);

        await HostFixture.ReadAsync(await host.Owner.DeleteAsync($"tokens/{made.GetProperty("id").GetString()}", HostFixture.Cancellation));

        await EndsAsync(events);
        await closed.Task.WaitAsync(HostFixture.Limit);
    }

    [Fact]
    public async Task RevokeOthers_FromABrowser_LeavesOnlyThatOne()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var other = host.Browse();
        using var third = host.Browse();
        await HostFixture.ReadAsync(await other.SignInAsync());
        await HostFixture.ReadAsync(await third.SignInAsync());

        var ended = await HostFixture.ReadAsync(await owner.DeleteAsync("account/sessions"));

        Assert.Equal(2, ended.GetProperty("ended").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await third.GetAsync("account")).StatusCode);
    }

    [Fact]
    public async Task Revoke_OfSomebodyElsesSession_FindsNone()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var member = await UserTests.JoinAsync(host, "bob");
        var owners = (await HostFixture.ReadAsync(await owner.GetAsync("account/sessions"))).GetProperty("items")[0].GetProperty("id").GetString();

        Assert.Equal("session-not-found", (await HostFixture.ProblemOf(member.DeleteAsync($"account/sessions/{owners}"))).Type);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("account")).StatusCode);
    }

    [Fact]
    public async Task ChangePassword_WithTheCurrentOne_EndsAllOtherSessions()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        using var other = host.Browse();
        await HostFixture.ReadAsync(await other.SignInAsync());

        var wrong = await HostFixture.ProblemOf(owner.PostAsync("account/password", new { current = "nonsense and more", password = "another long password" }));
        var weak = await HostFixture.ProblemOf(owner.PostAsync("account/password", new { current = Browser.Password, password = "alicealicealice" }));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("account")).StatusCode);
        await HostFixture.ReadAsync(await owner.PostAsync("account/password", new { current = Browser.Password, password = "another long password" }));

        Assert.Equal(("sign-in-refused", "password-invalid"), (wrong.Type, weak.Type));
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("account")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.SignInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.SignInAsync(password: "another long password")).StatusCode);
    }

    [Fact]
    public async Task Session_ThatBeginsWhileThePasswordIsTakenAway_DoesNotHold()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var before = await host.Services.GetRequiredService<AccountIdentity>().FindAsync(Browser.Owner);
        await host.PostAsync($"users/{Browser.Owner}/reset");
        var context = new DefaultHttpContext { Request = { Host = new("127.0.0.1") } };

        var refused = await Assert.ThrowsAsync<ProblemException>(() => host.Services.GetRequiredService<Sessions>().BeginAsync(context, before!, HostFixture.Cancellation));

        Assert.Equal("sign-in-refused", refused.Problem.Type);
        Assert.Equal(0, context.Response.Headers.SetCookie.Count);
        Assert.Empty(await host.Services.GetRequiredService<SessionTable>().ListAsync(null, HostFixture.Cancellation));
    }

    [Fact]
    public async Task SetPassword_WhileTheAccountChangesOtherwise_Succeeds()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var identity = host.Services.GetRequiredService<AccountIdentity>();
        var account = await identity.FindAsync(Browser.Owner);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => identity.SetPasswordAsync(account!, password: null))));
        await identity.SetPasswordAsync(account!, "another long password");

        Assert.NotNull(await identity.CheckAsync(account, "another long password", trusted: false));
    }

    [Fact]
    public async Task Session_ThatNobodyUses_EndsAfterAMonth()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        using var browser = await host.SetUpAsync();

        time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("account")).StatusCode);
        time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("account")).StatusCode);
        time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("account")).StatusCode);
    }

    [Fact]
    public async Task Token_ThatExpiresWhileItHasSomethingOpen_IsCutOff()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        var made = await host.PostAsync("tokens", new { name = "phone", expiresInDays = 1 });
        using var client = host.OverTcp(made.GetProperty("token").GetString());
        using var events = await ServerSentEvents.OpenAsync(client, "/api/v1/events");

        time.Advance(TimeSpan.FromDays(1));
        time.Advance(SessionCheck.Interval);

        await EndsAsync(events);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/account", HostFixture.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Watch_WhenNobodyIsServedAnyMore_HoldsNothing()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var watch = host.Services.GetRequiredService<SessionWatch>();

        using (await ServerSentEvents.OpenAsync(browser.Http, "events")) Assert.Single(watch.Followed());

        await HostFixture.UntilAsync(() => Task.FromResult(watch.Followed().Count == 0), "the stream's end is seen");
    }

    private static async Task<string> OtherSessionAsync(Browser browser) =>
        (await HostFixture.ReadAsync(await browser.GetAsync("account/sessions"))).GetProperty("items").EnumerateArray()
            .Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetString()!;

    private static async Task EndsAsync(ServerSentEvents events)
    {
        try
        {
            while (await events.ReadAsync() is not null)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The connection is cut off in the middle.
        }
    }
}
