using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A thousand conversations, of which fifty stream at once.</summary>
public sealed class CrowdTests
{
    private const int Conversations = 1000, Streaming = 50, Chunks = 1000, ChunkBytes = 200;
    private const long MostMemory = 400_000_000;

    [Fact]
    public async Task ThousandConversations_FiftyStreaming_LoseNothingAndStayInBounds()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var all = new List<ConversationInfo>();
        foreach (var some in Enumerable.Range(0, Conversations).Chunk(Streaming)) all.AddRange(await Task.WhenAll(some.Select(i => runtime.CreateAsync(title: $"Number {i}"))));
        var before = (await runtime.Machine.GetInfoAsync(new GetInfoRequest())).RuntimeMemoryBytes;

        await Task.WhenAll(all.Take(Streaming).Select(async conversation =>
        {
            var events = await runtime.RunTurnAsync(conversation, $"chunks {Chunks} {ChunkBytes}");
            Assert.Equal("end_turn", events[^1].StopReason);
            Assert.Equal(Enumerable.Range(1, Chunks), events.Where(item => item.Said is not null).Select(item => int.Parse(item.Said!.TrimEnd('.', ' '))));
            Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(item => item.Seq));
        }));

        var after = (await runtime.Machine.GetInfoAsync(new GetInfoRequest())).RuntimeMemoryBytes;
        TestContext.Current.TestOutputHelper!.WriteLine($"{before:N0} bytes before, {after:N0} after");
        Assert.InRange(after, 1, MostMemory);
        foreach (var conversation in all.Skip(Conversations - Streaming)) Assert.Equal("idle", (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.State);
    }
}
