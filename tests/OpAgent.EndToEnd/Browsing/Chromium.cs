using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace OpAgent.EndToEnd.Browsing;

/// <summary>One browser for all tests; every person in it has cookies and storage of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(Program), "The tests need Debian's chromium: tests/run.sh installs it.");
        Assertions.SetDefaultExpectTimeout((float)HostFixture.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser's window, with no cookies but those that are handed over.</summary>
    internal async Task<Person> EnterAsync(Uri host, Window window, string? cookies = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = host.ToString(), StorageState = cookies, ColorScheme = window.IsDark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = window.Width, Height = window.Height }, HasTouch = window.IsPhone, Locale = "en-GB", TimezoneId = "Europe/Berlin",
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout((float)HostFixture.Limit.TotalMilliseconds);
        return await Person.EnterAsync(context, host);
    }
}
