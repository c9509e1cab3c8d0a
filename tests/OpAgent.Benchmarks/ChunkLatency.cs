using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpAgent.Benchmarks;

/// <summary>From the agent's write of a chunk to its event at one viewer, against a bare SignalR hub that streams at the same pace.</summary>
internal static class ChunkLatency
{
    private const int Chunks = 3000, IntervalMilliseconds = 2, WarmUps = 500;

    public static async Task RunAsync(HostUnderTest host)
    {
        var floor = await BareHubAsync();
        var conversation = await host.CreateConversationAsync();
        await host.StartTurnAsync(conversation, $"stamps {WarmUps + Chunks} {IntervalMilliseconds}");
        var ours = new Sample();
        var count = 0;
        await foreach (var (kind, data) in host.FollowAsync(conversation))
        {
            var now = Microseconds();
            if (kind == "turn.ended") break;
            if (kind != "update" || ++count <= WarmUps) continue;
            using var update = JsonDocument.Parse(data);
            var text = update.RootElement.GetProperty("update").GetProperty("content").GetProperty("text").GetString()!;
            ours.Add((now - long.Parse(text.Trim(), CultureInfo.InvariantCulture)) / 1000.0);
        }

        await host.StopAsync(conversation);
        Console.WriteLine($"chunk-latency: OpAgent {ours}; bare SignalR hub {floor}; ratio {ours.Median / floor.Median:0.00} (aim: at most 2)");
    }

    private static long Microseconds() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static async Task<Sample> BareHubAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.MapHub<StampHub>("/hub");
        await app.StartAsync();
        await using var connection = new HubConnectionBuilder().WithUrl($"{app.Urls.First()}/hub").Build();
        await connection.StartAsync();
        var sample = new Sample();
        var count = 0;
        await foreach (var stamp in connection.StreamAsync<string>(nameof(StampHub.Stamps), WarmUps + Chunks))
        {
            var now = Microseconds();
            if (++count > WarmUps) sample.Add((now - long.Parse(stamp, CultureInfo.InvariantCulture)) / 1000.0);
        }

        return sample;
    }

    private sealed class StampHub : Hub
    {
        public async IAsyncEnumerable<string> Stamps(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(IntervalMilliseconds));
            for (var i = 0; i < count && await timer.WaitForNextTickAsync(cancellationToken); i++) yield return Microseconds().ToString(CultureInfo.InvariantCulture);
        }
    }
}
