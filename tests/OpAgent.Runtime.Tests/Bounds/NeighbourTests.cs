using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using OpAgent.Protocol;
using FileInfo = System.IO.FileInfo;

namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>What a flood does to the other conversations of the same daemon.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class NeighbourTests
{
    // Far above what is measured, and far below what a conversation that waits its turn behind a flood would take.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData("updates")]
    [InlineData("broken")]
    [InlineData("junk")]
    public async Task Chunks_WhileThreeOthersFlood_ComeAsTheyAreSaid(string command)
    {
        await using var flood = await Flood.StartAsync();
        var runtime = flood.Runtime;
        runtime.BindScripted();
        var quiet = await runtime.CreateAsync();
        await runtime.RunTurnAsync(quiet, "stamps 200 1");
        for (var i = 0; i < 3; i++) await runtime.StartTurnAsync(await flood.CreateAsync(), $"{command} {Flood.Gigabyte}");

        var turn = await runtime.StartTurnAsync(quiet, "stamps 500 2");
        var late = new List<TimeSpan>();
        using var call = runtime.Conversations.Follow(new FollowRequest { Conversation = quiet.Id, AfterSeq = turn.Seq });
        await foreach (var item in call.ResponseStream.ReadAllAsync(RuntimeFixture.Cancellation))
        {
            var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            if (item.Kind == "turn.ended") break;
            if (item.Kind != "update") continue;
            var said = new TurnEvent(item.Epoch, item.Seq, item.Kind, System.Text.Json.JsonElement.Parse(item.Data.Span)).Said!;
            late.Add(TimeSpan.FromMicroseconds(now - long.Parse(said, CultureInfo.InvariantCulture)));
        }

        Assert.Equal(500, late.Count);
        Assert.InRange(late.Order().ElementAt(495), TimeSpan.Zero, Soon);
    }

    [Fact]
    public async Task ListAndWatch_WhileAJournalGrowsBeyondItsSize_AnswerSoon()
    {
        await using var flood = await Flood.StartAsync();
        var runtime = flood.Runtime;
        var conversation = await flood.CreateAsync();
        await flood.RunAsync(conversation, "updates 100");
        var slowest = TimeSpan.Zero;
        var running = flood.RunAsync(conversation, $"thoughts {Flood.Gigabyte}");

        while (!running.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            await foreach (var _ in runtime.Conversations.List(new ListConversationsRequest { Workspace = runtime.Workspace }).ResponseStream.ReadAllAsync(RuntimeFixture.Cancellation))
            {
            }

            var took = Stopwatch.GetElapsedTime(start);
            if (took > slowest) slowest = took;
        }

        await running;
        Assert.InRange(slowest, TimeSpan.Zero, Soon);
        Assert.InRange(new FileInfo(runtime.JournalOf(conversation)).Length, 0, 300 * Flood.Megabyte);
    }
}
