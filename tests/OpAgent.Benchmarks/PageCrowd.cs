using System.Diagnostics;
using Microsoft.Playwright;

namespace OpAgent.Benchmarks;

/// <summary>200 pages on one conversation while an agent answers in it.</summary>
internal static class PageCrowd
{
    private const int Pages = 200, AtOnce = 8;

    public static async Task RunAsync(HostUnderTest host)
    {
        var conversation = await host.CreateConversationAsync();
        await host.RunTurnAsync(conversation, "say hello");
        await using var visitor = await Visitor.StartAsync();
        var first = await visitor.SignInAsync(host);
        var before = IdleMemory.Resident(host.Pid);
        var pages = new List<IPage>();
        foreach (var some in Enumerable.Range(0, Pages).Chunk(AtOnce))
        {
            pages.AddRange(await Task.WhenAll(some.Select(async _ =>
            {
                var page = await first.Context.NewPageAsync();
                await page.GotoAsync(new Uri(host.Client.BaseAddress!, $"/c/{conversation}").ToString());
                await page.Locator("article.turn").WaitForAsync();
                return page;
            })));
        }

        var after = IdleMemory.Resident(host.Pid);
        await host.RunTurnAsync(conversation, "chunks 500 40 10\nsay the very end");
        var ended = Stopwatch.GetTimestamp();
        await Task.WhenAll(pages.Select(page => page.Locator(".part.reply .said", new() { HasText = "the very end" }).WaitForAsync()));
        Console.WriteLine($"page-crowd: all of {Pages} pages showed the end {Stopwatch.GetElapsedTime(ended).TotalMilliseconds:0} ms after it, {(after - before) / Pages:0.0} MB of the host's memory each");
    }
}
