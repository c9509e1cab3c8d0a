using System.Diagnostics;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>An agent that reads nothing more once it has a session.</summary>
public sealed class DeafAgentTests
{
    [Fact]
    public async Task Cancel_OfAPromptThatTheAgentDoesNotRead_ReturnsAtOnceAndEndsTheTurn()
    {
        await using var flood = await Flood.StartAsync("--deaf");
        var conversation = await flood.CreateAsync();
        var turn = await flood.Runtime.StartTurnAsync(conversation, new string('p', 10_000_000));
        await UntilRunningAsync(flood, conversation);
        var watch = Stopwatch.StartNew();

        var reply = await flood.Runtime.Conversations.CancelAsync(new CancelTurnRequest { Conversation = conversation.Id, By = "bob" });

        Assert.True(reply.Cancelled);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        var ended = (await flood.Runtime.FollowUntilAsync(conversation, turn.Seq, item => item.Kind == "turn.ended"))[^1];
        Assert.Equal("cancelled", ended.StopReason);
    }

    [Fact]
    public async Task Stop_WhileTheAgentReadsNothing_EndsItsProcess()
    {
        await using var flood = await Flood.StartAsync("--deaf");
        var conversation = await flood.CreateAsync();
        await flood.Runtime.StartTurnAsync(conversation, new string('p', 10_000_000));
        await UntilRunningAsync(flood, conversation);

        await flood.Runtime.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id, By = "bob" });

        Assert.Empty((await flood.Runtime.Processes.ListAsync(new ListProcessesRequest())).Items);
    }

    private static Task UntilRunningAsync(Flood flood, ConversationInfo conversation) =>
        RuntimeFixture.UntilAsync(async () => (await flood.Runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.State == "running", "the agent is asked");
}
