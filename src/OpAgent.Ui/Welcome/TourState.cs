using OpAgent.Core.Conversations;
using OpAgent.Server.Conversations;

namespace OpAgent.Ui.Welcome;

/// <summary>How far the tour of the welcome workspace is: nothing is ticked off that has not really happened.</summary>
/// <param name="Asked">A question was answered.</param>
/// <param name="Changed">A change that somebody allowed was written.</param>
/// <param name="Killed">An agent ended in the middle of its turn.</param>
/// <param name="Opened">A conversation's file was opened.</param>
/// <param name="Latest">The conversation that a person has had last; null where there was none.</param>
public sealed record TourState(bool Asked, bool Changed, bool Killed, bool Opened, ConversationView? Latest)
{
    public const string Librarian = "librarian";
    public const string Proofreader = "proofreader";
    public const string Reader = "reader";

    public static readonly TourState Nothing = new(false, false, false, false, null);

    public int Done => new[] { Asked, Changed, Killed, Opened }.Count(done => done);

    public bool IsComplete => Done == 4;

    /// <param name="conversations">The workspace's, the newest first.</param>
    /// <param name="opened">A conversation's file was opened.</param>
    internal static TourState Of(IReadOnlyList<ConversationContent> conversations, bool opened) => new(
        RepliesOf(conversations, Librarian).Any(reply => reply.Stop == "end_turn"),
        RepliesOf(conversations, Proofreader).Any(reply => reply.Blocks.OfType<ToolBlock>().Any(tool => tool is { Kind: "edit", Status: "completed" })),
        RepliesOf(conversations, Reader).Any(reply => reply.Stop == "interrupted"),
        opened,
        // Nobody reads along in what the readers say.
        conversations.FirstOrDefault(conversation => !IsOf(conversation, Reader))?.Meta);

    private static IEnumerable<Turn> RepliesOf(IReadOnlyList<ConversationContent> conversations, string agent) =>
        conversations.Where(conversation => IsOf(conversation, agent)).SelectMany(conversation => conversation.Turns).Where(turn => turn.IsReply);

    private static bool IsOf(ConversationContent conversation, string agent) => conversation.Meta.Agent?.StartsWith(agent + "@", StringComparison.Ordinal) == true;
}
