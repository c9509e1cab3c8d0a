using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace OpAgent.Benchmarks;

/// <summary>From the agent's write of a chunk to its event at one viewer, against a bare SignalR hub that streams at the same pace.</summary>
internal static class ChunkLatency
{
    private const int Chunks = 3000, IntervalMilliseconds = 2, WarmUps = 500;

    public static async Task RunAsync(HostUnderTest host)
    {
        var floor = await BareHubAsync();
        var ours = await MeasureAsync(host);
        Console.WriteLine($"chunk-latency: OpAgent {ours}; bare SignalR hub {floor}; ratio {ours.Median / floor.Median:0.00} (aim: at most 2)");
    }

    /// <summary>A new conversation's chunks at one viewer.</summary>
    public static async Task<Sample> MeasureAsync(HostUnderTest host)
    {
        var conversation = await host.CreateConversationAsync();
        await host.StartTurnAsync(conversation, $"stamps {WarmUps + Chunks} {IntervalMilliseconds}");
        var ours = new Sample();
        var count = 0;
        await foreach (var (kind, data) in host.FollowAsync(conversation))
        {
            var now = BareHub.Microseconds();
            if (kind == "turn.ended") break;
            if (kind != "update" || ++count <= WarmUps) continue;
            using var update = JsonDocument.Parse(data);
            var text = update.RootElement.GetProperty("update").GetProperty("content").GetProperty("text").GetString()!;
            ours.Add((now - long.Parse(text.Trim(), CultureInfo.InvariantCulture)) / 1000.0);
        }

        await host.StopAsync(conversation);
        return ours;
    }

    private static async Task<Sample> BareHubAsync()
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [BareHub.Argument]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var address = await process.StandardOutput.ReadLineAsync();
        await using var connection = new HubConnectionBuilder().WithUrl($"{address}/hub").Build();
        await connection.StartAsync();
        var sample = new Sample();
        var count = 0;
        await foreach (var stamp in connection.StreamAsync<string>(nameof(BareHub.StampHub.Stamps), WarmUps + Chunks, IntervalMilliseconds))
        {
            var now = BareHub.Microseconds();
            if (++count > WarmUps) sample.Add((now - long.Parse(stamp, CultureInfo.InvariantCulture)) / 1000.0);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return sample;
    }
}
