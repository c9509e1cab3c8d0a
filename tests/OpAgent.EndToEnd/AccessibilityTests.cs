using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>The main states of the page at a desk and on a phone, light and dark: nothing in the way of anybody, nothing wider than the window, and a picture of each.</summary>
public sealed class AccessibilityTests(Workbench workbench) : IClassFixture<Workbench>
{
    public static TheoryData<int, int, bool> Windows => [.. Window.All.Select(window => (window.Width, window.Height, window.IsDark))];

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Page_InEachState_HasNothingSeriousAgainstIt(int width, int height, bool isDark)
    {
        var window = new Window(width, height, isDark);
        var talk = await workbench.BeginAsync();
        await talk.RunAsync("think Shorter is better.\nsay Here is **what** I found in `docs/intro.md`:\\n\\n| file | lines |\\n|---|---|\\n| intro.md | 12 |\\n\\n```csharp\\nvar answer = 42;\\n```\nplan Read;Edit;Check\ntool t1 read Read the introduction\ntool-done t1 done");
        await talk.StartAsync("say I would change one line.\nedit intro.md shorter");
        await using var person = await workbench.EnterAsync(window);
        await using var stranger = await workbench.EnterAsStrangerAsync(window);
        var problems = new List<string>();

        await LookAsync(person, "home", "/", "a[href^='/w/']:visible", problems);
        await LookAsync(person, "workspace", $"/w/{workbench.Workspace}", ".directory-page .files .row", problems);
        await LookAsync(person, "conversation", talk.Address, ".permission", problems);
        await LookAsync(person, "inbox", "/inbox", ".permission", problems);
        await LookAsync(person, "settings", "/settings", ".settings-page .row", problems);
        await LookAsync(stranger, "sign-in", "/sign-in", "form", problems);
        await workbench.Host.PostAsync($"/api/v1/conversations/{talk.Id}/cancel", new { });

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    private static async Task LookAsync(Person person, string name, string address, string ready, List<string> problems)
    {
        await person.Page.GotoAsync(address);
        await Assertions.Expect(person.Find(ready).First).ToBeVisibleAsync();
        var size = person.Page.ViewportSize!;
        var isDark = await person.Page.EvaluateAsync<bool>("document.documentElement.dataset.theme === 'dark'");
        await person.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures.Directory, $"{name}-{new Window(size.Width, size.Height, isDark)}.png") });
        var found = await person.Page.RunAxe();
        problems.AddRange(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Take(3).Select(node => $"{name} {size.Width} {(isDark ? "dark" : "light")}: {violation.Id}: {node.Html}")));
        if (!await person.FitsAsync()) problems.Add($"{name} {size.Width}: wider than the window");
    }
}
