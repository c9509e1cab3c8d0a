using CsCheck;
using OpAgent.Core.Conversations;

namespace OpAgent.Core.Tests.Conversations;

public class TranscriptTests
{
    private static readonly ConversationHeader Header = new(Guid.Empty, "", "", default);
    private static readonly Turn Prompt = new(Guid.Empty, "alice", default) { Attachments = ["a.md"], Blocks = [new TextBlock("Fix it.")] };
    private static readonly Turn Reply = new(Guid.Empty, "writer@1.0.0", default)
    {
        Stop = "interrupted",
        Error = "The agent exited.",
        Blocks = [new ThoughtBlock("hm"), new ToolBlock("t", "edit", "completed", "Edit") { Path = "a.md", Body = "secret" }, new TextBlock("Done.")],
    };

    [Fact]
    public void Write_Turns_NamesWhoSaidAndDidWhat() =>
        Assert.Equal(
            "alice:\nFix it.\n[attached: a.md]\n\nwriter:\n[edit a.md: completed]\nDone.\n[ended: interrupted]\n[error: The agent exited.]\n\n",
            Transcript.Write(new Conversation(Header) { Turns = [Prompt, Reply] }, 1000));

    [Fact]
    public void Write_TooLong_KeepsTheNewestTurns() =>
        Assert.Equal(
            "[earlier parts are left out]\n\nalice:\nFix it.\n[attached: a.md]\n\n",
            Transcript.Write(new Conversation(Header) { Turns = [Prompt, Reply, Prompt] }, 70));

    [Fact]
    public void Write_OneTurnTooLong_KeepsItsNameAndEnd()
    {
        var turn = new Turn(Guid.Empty, "alice", default) { Blocks = [new TextBlock(new string('a', 100) + "the end")] };

        Assert.Equal("[earlier parts are left out]\n\nalice:\nend\n\n", Transcript.Write(new Conversation(Header) { Turns = [turn] }, 42));
    }

    [Fact]
    public void Write_AnyConversation_StaysInTheBound() => Gen.Select(ConversationGen.Conversation, Gen.Int[200, 500]).Sample((conversation, bound) =>
        Assert.InRange(Transcript.Write(conversation, bound).Length, 0, bound));
}
