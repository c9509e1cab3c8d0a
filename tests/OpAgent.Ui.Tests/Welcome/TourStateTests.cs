using OpAgent.Core.Conversations;
using OpAgent.Server.Conversations;
using OpAgent.Ui.Welcome;

namespace OpAgent.Ui.Tests.Welcome;

public sealed class TourStateTests
{
    private static readonly TurnBlock Edit = new ToolBlock("t1", "edit", "completed", "Fix 3 things in letter-home.md");

    [Fact]
    public void Of_NoConversations_IsNothing() => Assert.Equal(TourState.Nothing, TourState.Of([], opened: false));

    [Fact]
    public void Of_AnAnswer_IsAsked()
    {
        var asked = Conversation("librarian@0.1.0", "end_turn");

        var state = TourState.Of([asked], opened: false);

        Assert.Equal((1, true), (state.Done, state.Asked));
        Assert.Same(asked.Meta, state.Latest);
    }

    [Theory]
    [InlineData("librarian@0.1.0", null)]
    [InlineData("librarian@0.1.0", "cancelled")]
    [InlineData("proofreader@0.1.0", "end_turn")]
    [InlineData("reader@1.0.0", "end_turn")]
    public void Of_WhatDidNotHappen_IsNotDone(string agent, string? stop) => Assert.Equal(0, TourState.Of([Conversation(agent, stop)], opened: false).Done);

    [Fact]
    public void Of_AnEdit_IsChangedOnceItIsWritten()
    {
        Assert.False(TourState.Of([Conversation("proofreader@0.1.0", "end_turn", Edit is ToolBlock tool ? tool with { Status = "failed" } : Edit)], opened: false).Changed);
        Assert.True(TourState.Of([Conversation("proofreader@0.1.0", null, Edit)], opened: false).Changed);
    }

    [Fact]
    public void Of_AKilledReader_IsKilledAndNotTheLatestConversation()
    {
        var state = TourState.Of([Conversation("reader@1.0.0", "interrupted"), Conversation("librarian@0.1.0", "end_turn")], opened: true);

        Assert.True(state is { Asked: true, Killed: true, Opened: true, Changed: false });
        Assert.StartsWith("librarian@", state.Latest!.Agent);
    }

    private static ConversationContent Conversation(string agent, string? stop, params TurnBlock[] blocks)
    {
        var id = Guid.CreateVersion7();
        var meta = new ConversationView(
            $"{id}", "/srv/welcome/.opagent/conversations/a.md", "local", "w", "", "Asked", agent, default, default, "idle", null, 0, null, null, null, 0, null, null, [], null, false);
        return new(meta, [new(id, "alice", default), new(id, agent, default) { Stop = stop, Blocks = [.. blocks] }], []);
    }
}
