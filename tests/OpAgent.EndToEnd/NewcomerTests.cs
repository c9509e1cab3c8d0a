using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>From the command to the first cited answer with nothing read but the page.</summary>
public sealed class NewcomerTests(Chromium chromium)
{
    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task Newcomer_WithADirectoryOfMarkdown_GetsACitedAnswerAndSeesTheCitedLine(int width, int height)
    {
        await using var host = new HostFixture();
        host.CopyHandbook();
        var link = (await host.ServeAsync()).GetProperty("setup").GetProperty("link").GetString()!;
        await using var person = await chromium.EnterAsync(new(new Uri(link).GetLeftPart(UriPartial.Authority)), new(width, height));
        var page = person.Page;

        await Door.SetUpAsync(person, link);
        await person.Find("a[href='/open']:visible").First.ClickAsync();
        await person.Find("[data-directory=work]").ClickAsync();
        await person.Button("Open work").ClickAsync();
        await person.Button("Trust work").ClickAsync();
        await person.Find("[data-use=librarian]").ClickAsync();
        await person.Find("[data-suggest]").First.ClickAsync();
        Assert.Equal("agent: librarian", File.ReadAllText(Path.Combine(host.Workspace, ".opagent/workspace.yaml")).Trim());
        await person.Composer.PressAsync("Enter");
        await person.TurnEndedAsync();

        var citation = person.LastReply.Locator(".said a[href*='#L']").First;
        await TakePictureAsync(person);
        var line = int.Parse((await citation.GetAttributeAsync("href"))!.Split("#L")[1].Split('-')[0]);
        await citation.ClickAsync();
        await Assertions.Expect(person.Find($"#L{line}")).ToBeInViewportAsync();
        var file = await person.Find(".file-page h1").InnerTextAsync();
        Assert.Contains(File.ReadAllLines(Path.Combine(host.Workspace, file))[line - 1].Trim(), await person.Find($"#L{line}").InnerTextAsync());
        await page.GoBackAsync();
        await Assertions.Expect(citation).ToBeVisibleAsync();
        Assert.True(await person.FitsAsync());
        Assert.Empty(person.Faults);
        Assert.DoesNotContain("Exception", host.Log);
    }

    // The README's picture changes only when somebody wants it to.
    private static async Task TakePictureAsync(Person person, [CallerFilePath] string source = "")
    {
        if (person.Page.ViewportSize!.Width != Window.Desk.Width) return;
        await person.Find(".part.prompt").HoverAsync();
        var picture = Path.Combine(Pictures.Directory, "answer.png");
        await person.Page.ScreenshotAsync(new() { Path = picture });
        if (Environment.GetEnvironmentVariable("OPAGENT_UPDATE_SCREENSHOT") == "1") File.Copy(picture, Path.Combine(Path.GetDirectoryName(source)!, "../../deploy/workbench.png"), overwrite: true);
    }
}
