using System.Diagnostics;

namespace OpAgent.Benchmarks;

/// <summary>From the call that creates a conversation and its first turn to the first update at a viewer, against a minimal client that starts the same agent itself.</summary>
internal static class FirstUpdate
{
    private const int WarmUps = 10, Rounds = 60;

    public static async Task RunAsync(HostUnderTest host)
    {
        var (ours, floor) = (new Sample(), new Sample());
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var minimal = await MinimalClient.FirstUpdateAsync(host.Agent, host.Workspace, "say hello");
            var start = Stopwatch.GetTimestamp();
            var conversation = await host.CreateConversationAsync();
            await host.StartTurnAsync(conversation, "say hello");
            await foreach (var item in host.FollowAsync(conversation))
            {
                if (item.Kind == "update") break;
            }

            var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await host.StopAsync(conversation);
            if (round < 0) continue;
            ours.Add(elapsed);
            floor.Add(minimal);
        }

        Console.WriteLine($"first-update: OpAgent {ours}; minimal client {floor}; ratio {ours.Median / floor.Median:0.00}, {ours.Median - floor.Median:+0.0;-0.0} ms (aim: at most 1.15, or +15 ms)");
    }
}
