using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Tests.Security;

public sealed class AuditTests
{
    [Fact]
    public async Task Log_OfWhatHappensAtTheDoor_TellsItWithoutSecrets()
    {
        var log = new Lines();
        await using var host = await HostFixture.StartAsync(fixture => fixture.Log = log, ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"), ("Logging:Console:LogLevel:Default", "None"));
        var code = (await host.PostAsync("setup-code")).GetProperty("code").GetString()!;
        using var browser = await host.SetUpAsync();
        using var other = host.Browse();
        await other.SignInAsync("my-password-by-mistake", "wrong horse battery");
        await HostFixture.ReadAsync(await other.SignInAsync());
        var token = (await HostFixture.ReadAsync(await browser.PostAsync("tokens", new { name = "phone" }))).GetProperty("token").GetString()!;
        await HostFixture.ReadAsync(await browser.DeleteAsync("account/sessions"));
        var reset = (await host.PostAsync($"users/{Browser.Owner}/reset")).GetProperty("code").GetString()!;
        using var client = host.OverTcp(token);
        await client.GetAsync("/api/v1/workspaces", HostFixture.Cancellation);

        var said = string.Join('\n', log.Written);
        foreach (var told in (string[])["A set-up code was made", "alice is the host's owner now", "alice signed in as session", "A wrong name or password came from 127.0.0.1", "Token phone", "was ended by alice", "password of alice was taken away"])
            Assert.Contains(told, said);
        foreach (var secret in (string[])[code, code.Replace("-", ""), reset, token, browser.Session ?? "", other.Session ?? "", Browser.Password, "wrong horse battery", "my-password-by-mistake"])
            Assert.False(secret.Length > 0 && said.Contains(secret, StringComparison.Ordinal), $"The log holds '{secret}'.");
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
