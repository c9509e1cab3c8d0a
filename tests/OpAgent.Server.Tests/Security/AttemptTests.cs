using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Server.Security;

namespace OpAgent.Server.Tests.Security;

public sealed class AttemptTests
{
    private static readonly AttemptLimit Limit = new(3, TimeSpan.FromSeconds(10));

    [Fact]
    public void Take_OfTooMany_SaysHowLongToWait()
    {
        var time = new FakeTimeProvider();
        var limits = new AttemptLimits(time);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(limits.Take("a", Limit)));
        Assert.Equal(TimeSpan.FromSeconds(10), limits.Take("a", Limit));
        Assert.Null(limits.Take("b", Limit));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(6), limits.Take("a", Limit));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(limits.Take("a", Limit));
        Assert.Equal(TimeSpan.FromSeconds(10), limits.Take("a", Limit));
    }

    [Fact]
    public void GiveBack_OfAnAttempt_MakesItFree()
    {
        var limits = new AttemptLimits(new FakeTimeProvider());

        for (var attempt = 0; attempt < 100; attempt++)
        {
            Assert.Null(limits.Take("a", Limit));
            limits.GiveBack("a", Limit);
        }
    }

    [Fact]
    public void Take_FromMoreSourcesThanAreKept_ForgetsThoseWithTheFewestAttempts()
    {
        var limits = new AttemptLimits(new FakeTimeProvider());
        while (limits.Take("attacker", Limit) is null)
        {
        }

        for (var source = 0; source < 100_000; source++) Assert.Null(limits.Take($"source {source}", Limit));

        Assert.True(limits.Count <= 20_000);
        Assert.NotNull(limits.Take("attacker", Limit));
    }

    [Fact]
    public async Task SignIn_AfterTooManyAttempts_HasToWait()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        using var owner = await host.SetUpAsync();
        using var attacker = host.Browse();
        for (var attempt = 0; attempt < 10; attempt++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await attacker.SignInAsync(attempt % 2 == 0 ? Browser.Owner : $"name{attempt}", "wrong horse battery")).StatusCode);

        using var limited = await attacker.SignInAsync();
        var problem = await HostFixture.ProblemOf(Task.FromResult(limited));

        Assert.Equal((429, "too-many-attempts"), (problem.Status, problem.Type));
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        time.Advance(limited.Headers.RetryAfter.Delta.Value);
        Assert.Equal(HttpStatusCode.OK, (await attacker.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task SignIn_WhereThePersonHasSignedInBefore_IsOpenThoughOthersGuess()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        await owner.PostAsync("account/sign-out");
        using var attacker = host.Browse();
        HttpStatusCode last;
        do last = (await attacker.SignInAsync(password: "wrong horse battery")).StatusCode;
        while (last is HttpStatusCode.Unauthorized);

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await attacker.SignInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.SignInAsync()).StatusCode);
    }

    [Fact]
    public async Task Account_AfterManyFailures_IsLockedForStrangersOnly()
    {
        await using var host = await HostFixture.StartAsync();
        using var owner = await host.SetUpAsync();
        host.Services.GetRequiredService<IOptions<IdentityOptions>>().Value.Lockout.MaxFailedAccessAttempts = 3;
        var identity = host.Services.GetRequiredService<AccountIdentity>();
        var account = await identity.FindAsync(Browser.Owner);
        for (var attempt = 0; attempt < 3; attempt++) Assert.Null(await identity.CheckAsync(account, "wrong horse battery", trusted: false));

        Assert.Null(await identity.CheckAsync(account, Browser.Password, trusted: false));
        Assert.NotNull(await identity.CheckAsync(account, Browser.Password, trusted: true));
        await identity.SetPasswordAsync(account!, "another long password");
        Assert.NotNull(await identity.CheckAsync(account, "another long password", trusted: false));
    }

    [Fact]
    public async Task Codes_AfterTooManyAttempts_HaveToWait()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        using var attacker = host.Browse();
        HttpResponseMessage last;
        do last = await attacker.PostAsync("account/setup", new { code = "AAAA", name = "eve", password = Browser.Password });
        while (last.StatusCode is HttpStatusCode.Forbidden);

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.NotNull(last.Headers.RetryAfter);
        time.Advance(last.Headers.RetryAfter.Delta!.Value);
        using var owner = await host.SetUpAsync();
    }
}
