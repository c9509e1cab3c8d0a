using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>A follower that takes 1 KB a second while an agent says 100,000 things.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class FollowerTests
{
    [Fact]
    public async Task Follow_ByOneThatIsSlow_IsCutOffAndGoesOnByNumberWhileOthersGetEverything()
    {
        await using var flood = await Flood.StartAsync();
        var runtime = flood.Runtime;
        var conversation = await flood.CreateAsync();
        SlowStream? slow = null;
        using var channel = runtime.OpenChannel(stream => slow = new SlowStream(stream));
        using var call = new Conversations.ConversationsClient(channel).Follow(new FollowRequest { Conversation = conversation.Id });
        await flood.RunAsync(conversation, "say 1");
        Assert.True(await call.ResponseStream.MoveNext(RuntimeFixture.Cancellation).WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation));
        var last = call.ResponseStream.Current.Seq;

        List<TurnEvent> all = [];
        var growth = await flood.GrowthAsync(async () =>
        {
            var turn = await runtime.StartTurnAsync(conversation, "updates 25000000");
            all = await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == turn.Turn);
            await RuntimeFixture.UntilAsync(async () => (await File.ReadAllTextAsync(runtime.Log)).Contains("a follower that takes nothing was cut off", StringComparison.Ordinal), "the slow one is cut off");
        });
        slow!.Release();
        var lost = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(RuntimeFixture.Cancellation).WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation)) Assert.Equal(++last, call.ResponseStream.Current.Seq);
        });

        Assert.InRange(all.Count, 100_000, 150_000);
        Assert.Equal(Enumerable.Range(1, all.Count).Select(seq => (long)seq), all.Select(item => item.Seq));
        Assert.InRange(growth, 0, 64 * Flood.Megabyte);
        Assert.Null(lost.Trailers.GetValue(ProtocolVersion.ProblemTrailer));
        Assert.InRange(last, 1, all.Count - 1);
        var rest = await runtime.FollowUntilAsync(conversation, last, item => item.Seq == all[^1].Seq);
        Assert.Equal(last + 1, rest[0].Seq);
    }
}
