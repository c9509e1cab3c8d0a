using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>Many who look at one conversation.</summary>
public sealed class CrowdTests(Workbench workbench) : IClassFixture<Workbench>
{
    private const int Pages = 20;

    [Fact]
    public async Task Conversation_OnTwentyPages_IsTheSameOnAll()
    {
        var talk = await workbench.BeginAsync();
        await using var person = await workbench.EnterAsync();
        await talk.StartAsync($"chunks 20\nwait-file {workbench.Host.Signal("crowd")}\nchunks 200 0 5\nsay the very end");
        var pages = new List<IPage>();
        for (var number = 0; number < Pages; number++) pages.Add(await person.Context.NewPageAsync());
        foreach (var page in pages)
        {
            await page.GotoAsync(talk.Address);
            await Assertions.Expect(page.Locator(".part.reply")).ToContainTextAsync("20");
        }

        File.WriteAllText(workbench.Host.Signal("crowd"), "");

        foreach (var page in pages) await Assertions.Expect(page.Locator(".part.reply .said")).ToContainTextAsync("the very end");
        var texts = await Task.WhenAll(pages.Select(page => page.Locator(".part.reply .said").InnerTextAsync()));
        Assert.Equal([talk.LastReply()], texts.Select(Talk.Words).Distinct());
    }
}
