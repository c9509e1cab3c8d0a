using Microsoft.Playwright;

namespace OpAgent.Benchmarks;

/// <summary>A browser at a host.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private const string Name = "alice", Password = "correct horse battery";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Visitor(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Visitor> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium" }));
    }

    /// <summary>A new window without cookies or a cache.</summary>
    public async Task<IPage> OpenAsync()
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(120_000);
        return await context.NewPageAsync();
    }

    /// <summary>A new window in front of the sign-in form, filled in; the host gets its owner where it has none.</summary>
    public async Task<IPage> OpenSignInAsync(HostUnderTest host)
    {
        var page = await OpenAsync();
        if (await host.TryMakeSetupLinkAsync() is { } link)
        {
            await page.GotoAsync(link);
            await page.GetByLabel("Your name").FillAsync(Name);
            await page.GetByLabel("Password").FillAsync(Password);
            await page.GetByRole(AriaRole.Button).ClickAsync();
            await page.Locator(".shell").WaitForAsync();
            await page.Context.ClearCookiesAsync();
        }

        await page.GotoAsync(new Uri(host.Client.BaseAddress!, "/sign-in").ToString());
        await page.GetByLabel("Name").FillAsync(Name);
        await page.GetByLabel("Password").FillAsync(Password);
        return page;
    }

    public async Task<IPage> SignInAsync(HostUnderTest host)
    {
        var page = await OpenSignInAsync(host);
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.Locator(".shell").WaitForAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
