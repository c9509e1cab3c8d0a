using Microsoft.Extensions.DependencyInjection;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Server.Conversations;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests.Conversations;

public sealed class MirrorTests
{
    private static readonly Guid Running = Guid.Parse("019ab3c4-0000-7000-8000-000000000001");

    [Fact]
    public async Task Look_WhileATurnRuns_ShowsItFromItsFirstEvent()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        conversation.Append("update", Said("Half "));
        // The file holds what was said until now; its events tell it again.
        conversation.Say("alice", "Go on", Running);
        conversation.Say("echo@1.0.0", "Half ", Running);

        await using var mirror = await Viewer.OpenAsync(host, conversation.Id);
        conversation.Append("update", Said("and half."));

        await mirror.UntilAsync(view => view.Turns is [{ Running: true, Prompt: not null, Reply: { } reply }] && TextOf(reply) == "Half and half.");
    }

    [Fact]
    public async Task Look_AfterTheTurn_IsWhatTheFileSays()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        await using var mirror = await Viewer.OpenAsync(host, conversation.Id);

        conversation.Append("agent.started", Member("\"agent\":\"echo\",\"version\":\"2.0.0\",\"pid\":7"));
        conversation.Append("update", Said("Done."));
        conversation.Append("notice", Member("\"notice\":\"file-recreated\",\"text\":\"Made again.\",\"body\":\"More.\""));
        conversation.Append("turn.ended", Member("\"stopReason\":\"end_turn\",\"usage\":{\"used\":10,\"size\":100,\"cost\":0.25}"));

        var view = await mirror.UntilAsync(view => view.Turns is [{ Running: false }]);
        var reply = view.Turns[0].Reply!;
        Assert.Equal(("echo@2.0.0", "end_turn", 0.25m), (reply.By, reply.Stop, reply.Cost));
        Assert.Equal([new TextBlock("Done."), new NoticeBlock("file-recreated", "Made again.", "More.")], reply.Blocks);
    }

    [Fact]
    public async Task Look_AtAPermission_ShowsHowItWasDecided()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        await using var mirror = await Viewer.OpenAsync(host, conversation.Id);

        conversation.Append("permission.requested", Member("\"permission\":{\"id\":\"p1\",\"toolCall\":{\"toolCallId\":\"t1\",\"title\":\"Edit\",\"kind\":\"edit\"},\"options\":[]}"));
        conversation.Append("permission.resolved", Member("\"permission\":\"p1\",\"option\":\"allow_once\",\"by\":\"alice\""));
        var decided = await mirror.UntilAsync(view => view.Turns is [{ Reply.Blocks: [ToolBlock { Decision: not null }] }]);

        Assert.Equal("alice allow_once", Assert.IsType<ToolBlock>(decided.Turns[0].Reply!.Blocks.Single()).Decision);
    }

    [Fact]
    public async Task Look_AtTheQueue_LosesWhatStartsAndWhatIsCancelled()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        await using var mirror = await Viewer.OpenAsync(host, conversation.Id);
        var (second, third) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        conversation.Append("turn.queued", Prompt(second, "Second"));
        conversation.Append("turn.queued", Prompt(third, "Third"));
        var queued = await mirror.UntilAsync(view => view.Queue.Count == 2);
        conversation.Append("turn.ended", $"\"turn\":\"{third}\",\"stopReason\":\"cancelled\"");
        conversation.Append("turn.ended", Member("\"stopReason\":\"end_turn\""));
        conversation.Append("turn.started", Prompt(second, "Second"));
        var started = await mirror.UntilAsync(view => view.Turns.Count == 2);

        Assert.Equal(["Second", "Third"], queued.Queue.Select(prompt => prompt.Text));
        Assert.Empty(started.Queue);
        Assert.Equal((second, true), (started.Turns[1].Id, started.Turns[1].Running));
    }

    [Fact]
    public async Task Look_AfterAReset_IsReadAnew()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        await using var mirror = await Viewer.OpenAsync(host, conversation.Id);

        conversation.TurnSeq = 0;
        conversation.Say("alice", "From the file", Guid.CreateVersion7());
        conversation.Append("reset", "\"epoch\":\"epoch1\",\"nextSeq\":3");

        var view = await mirror.UntilAsync(view => view.Turns is [{ Prompt: { } prompt }] && TextOf(prompt) == "From the file");
        Assert.False(view.Turns[0].Running);
    }

    [Fact]
    public async Task Look_ThatNothingChanged_IsTheSameObject()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        await using var mirror = await Viewer.OpenAsync(host, conversation.Id);
        await mirror.UntilAsync(view => view.Turns.Count == 1);

        Assert.Same(mirror.Mirror.Look(), mirror.Mirror.Look());
    }

    [Fact]
    public async Task Acquire_ByTwoPages_FollowsOnceAndUntilTheLastLeaves()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = Begin(host);
        var mirrors = host.Services.GetRequiredService<ConversationMirrors>();

        var first = await mirrors.AcquireAsync(conversation.Id, HostFixture.Cancellation);
        var second = await mirrors.AcquireAsync(conversation.Id, HostFixture.Cancellation);
        await HostFixture.UntilAsync(() => Task.FromResult(conversation.Followers == 1), "the mirror follows");
        mirrors.Release(conversation.Id, first);
        Assert.Same(first, second);
        Assert.Equal(1, conversation.Followers);
        mirrors.Release(conversation.Id, second);

        await HostFixture.UntilAsync(() => Task.FromResult(conversation.Followers == 0), "nobody follows");
        Assert.NotSame(first, await mirrors.AcquireAsync(conversation.Id, HostFixture.Cancellation));
    }

    [Fact]
    public async Task Acquire_OfNothing_SaysSo()
    {
        await using var host = await HostFixture.StartAsync();
        var mirrors = host.Services.GetRequiredService<ConversationMirrors>();

        var refused = await Assert.ThrowsAsync<ProblemException>(() => mirrors.AcquireAsync(Guid.CreateVersion7().ToString(), HostFixture.Cancellation));

        Assert.Equal(KnownProblems.ConversationNotFound, refused.Problem);
    }

    /// <summary>A conversation whose turn has begun.</summary>
    private static FakeConversation Begin(HostFixture host)
    {
        var conversation = host.Runtime.Add("/srv/docs");
        conversation.TurnSeq = conversation.Append("turn.started", Prompt(Running, "Go on")).Seq;
        conversation.Turn = Running.ToString();
        return conversation;
    }

    private static string Member(string members) => $"\"turn\":\"{Running}\",{members}";

    private static string Prompt(Guid turn, string text) => $"\"turn\":\"{turn}\",\"text\":\"{text}\",\"by\":\"alice\",\"attachments\":[]";

    private static string Said(string text) => Member($$$"""
        "update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{text}}}"}}
        """);

    private static string TextOf(Turn turn) => string.Concat(turn.Blocks.OfType<TextBlock>().Select(block => block.Text));

    /// <summary>A page that looks at a conversation.</summary>
    private sealed class Viewer(ConversationMirrors mirrors, string id, ConversationMirror mirror) : IAsyncDisposable
    {
        public ConversationMirror Mirror => mirror;

        public static async Task<Viewer> OpenAsync(HostFixture host, string id)
        {
            var mirrors = host.Services.GetRequiredService<ConversationMirrors>();
            return new(mirrors, id, await mirrors.AcquireAsync(id, HostFixture.Cancellation));
        }

        /// <summary>The first look that the condition holds for. It is looked when the mirror says that it changed, as a page does.</summary>
        public async Task<MirroredConversation> UntilAsync(Func<MirroredConversation, bool> holds)
        {
            var seen = new TaskCompletionSource<MirroredConversation>(TaskCreationOptions.RunContinuationsAsynchronously);
            void Look()
            {
                if (mirror.Look() is var view && holds(view)) seen.TrySetResult(view);
            }

            mirror.Changed += Look;
            Look();
            try
            {
                return await seen.Task.WaitAsync(HostFixture.Limit);
            }
            finally
            {
                mirror.Changed -= Look;
            }
        }

        public ValueTask DisposeAsync()
        {
            mirrors.Release(id, mirror);
            return ValueTask.CompletedTask;
        }
    }
}
