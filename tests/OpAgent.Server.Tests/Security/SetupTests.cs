using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace OpAgent.Server.Tests.Security;

public sealed class SetupTests
{
    [Fact]
    public async Task SetUp_WithTheCode_MakesTheOwnerAndSignsIn()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = host.Browse();
        var made = await host.PostAsync("setup-code");
        Assert.True((await HostFixture.ReadAsync(await browser.GetAsync("account/setup"))).GetProperty("open").GetBoolean());

        var owner = await HostFixture.ReadAsync(await SetUpAsync(browser, made.GetProperty("code").GetString()!));

        Assert.Equal("owner", owner.GetProperty("role").GetString());
        var caller = await HostFixture.ReadAsync(await browser.GetAsync("account"));
        Assert.Equal((Browser.Owner, "session", 4), (caller.GetProperty("name").GetString(), caller.GetProperty("door").GetString(), caller.GetProperty("scopes").GetArrayLength()));
        Assert.False((await HostFixture.ReadAsync(await browser.GetAsync("account/setup"))).GetProperty("open").GetBoolean());
    }

    [Fact]
    public async Task SetupCode_OnceThereIsAnOwner_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();
        var made = await host.PostAsync("setup-code");
        using var browser = await host.SetUpAsync();

        Assert.Equal((409, "setup-closed"), await Problem(host.Owner.PostAsync("setup-code", null, HostFixture.Cancellation)));
        Assert.Equal((409, "setup-closed"), await Problem(SetUpAsync(browser, made.GetProperty("code").GetString()!)));
        await host.StopHostAsync();
        await host.StartHostAsync();
        Assert.Equal((409, "setup-closed"), await Problem(host.Owner.PostAsync("setup-code", null, HostFixture.Cancellation)));
    }

    [Fact]
    public async Task SetupCode_AsSomebodyTypesIt_IsRead()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = host.Browse();
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;

        var typed = code.ToLowerInvariant().Replace("-", " ").Replace('0', 'o').Replace('1', 'l');

        Assert.Equal(HttpStatusCode.OK, (await SetUpAsync(browser, typed)).StatusCode);
    }

    [Fact]
    public async Task SetupCode_AfterFiveWrongAttempts_IsOver()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = host.Browse();
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;

        for (var attempt = 0; attempt < 5; attempt++) Assert.Equal((403, "code-refused"), await Problem(SetUpAsync(browser, "AAAA-AAAA-AAAA")));

        Assert.Equal((403, "code-refused"), await Problem(SetUpAsync(browser, code)));
    }

    [Fact]
    public async Task SetupCode_WithANameOrPasswordThatCannotBe_IsNotUsedUp()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = host.Browse();
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;

        Assert.Equal((422, "password-invalid"), await Problem(SetUpAsync(browser, code, password: "short")));
        Assert.Equal((422, "name-invalid"), await Problem(SetUpAsync(browser, code, name: "writer@1.0.0")));

        Assert.Equal(HttpStatusCode.OK, (await SetUpAsync(browser, code)).StatusCode);
    }

    [Fact]
    public async Task SetupCode_AfterAQuarterOfAnHourOrANewOne_IsOver()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        using var browser = host.Browse();
        var first = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;
        var second = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;

        Assert.Equal((403, "code-refused"), await Problem(SetUpAsync(browser, first)));
        time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal((403, "code-refused"), await Problem(SetUpAsync(browser, second)));
    }

    [Fact]
    public async Task SetUp_OfManyAtOnce_MakesOneOwner()
    {
        await using var host = await HostFixture.StartAsync();
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            using var browser = host.Browse();
            return (await SetUpAsync(browser, code, name: $"person{number}")).StatusCode;
        }));

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(1, (await host.GetAsync("users")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task SetupCode_InTheData_IsAHashOnly()
    {
        await using var host = await HostFixture.StartAsync();
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;

        foreach (var text in (string[])[code, code.Replace("-", "")]) Assert.False(await host.DataHoldsAsync(text));
    }

    private static Task<HttpResponseMessage> SetUpAsync(Browser browser, string code, string name = Browser.Owner, string password = Browser.Password) =>
        browser.PostAsync("account/setup", new { code, name, password });

    private static async Task<(int, string)> Problem(Task<HttpResponseMessage> request)
    {
        var (status, type, _) = await HostFixture.ProblemOf(request);
        return (status, type);
    }
}
