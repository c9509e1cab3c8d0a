using System.Globalization;
using Microsoft.Playwright;

namespace OpAgent.Benchmarks;

/// <summary>What 100 chunks a second into a conversation of 2,000 turns ask of the browser's main thread.</summary>
internal static class PageStream
{
    private const int Turns = 2000, Chunks = 2000, IntervalMilliseconds = 10;

    public static async Task RunAsync(HostUnderTest host)
    {
        var conversation = await host.CreateConversationAsync();
        await host.RunTurnsAsync(conversation, "say hello", Turns);
        await using var visitor = await Visitor.StartAsync();
        var page = await visitor.SignInAsync(host);
        await page.GotoAsync(new Uri(host.Client.BaseAddress!, $"/c/{conversation}").ToString());
        await page.Locator("article.turn").Last.WaitForAsync();
        await page.EvaluateAsync("globalThis.longTasks = []; new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask' })");

        await host.StartTurnAsync(conversation, $"chunks {Chunks} 40 {IntervalMilliseconds}\nsay the very end");
        await page.Locator(".part.reply .said", new() { HasText = "the very end" }).WaitForAsync();

        var tasks = await page.EvaluateAsync<double[]>("longTasks");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"page-stream: {tasks.Length} tasks over 50 ms, the longest {tasks.DefaultIfEmpty().Max():0} ms, while {Chunks} chunks came in {Chunks * IntervalMilliseconds / 1000} s into {Turns} turns (aim: rarely one)"));
    }
}
