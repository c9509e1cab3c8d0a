using Grpc.Core;
using OpAgent.Core.Conversations;
using OpAgent.Protocol;
using OpAgent.Server.Conversations;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Search;

/// <summary>Reads from a machine what of a conversation can be found.</summary>
internal static class ConversationReading
{
    /// <summary>Null where the machine does not give it out. In a file that is broken nothing is found: what stood there before is not what stands there.</summary>
    public static async Task<IndexedConversation?> ReadAsync(MachineConnection machine, FileKey key, ConversationInfo listed, CancellationToken cancellationToken)
    {
        ConversationSnapshot snapshot;
        try
        {
            snapshot = await machine.Conversations.GetAsync(new() { Id = listed.Id }, cancellationToken: cancellationToken);
        }
        catch (RpcException exception) when (exception.Trailers.GetValue(ProtocolVersion.ProblemTrailer) is not null)
        {
            return null;
        }

        var conversation = ConversationMarkdown.Parse(snapshot.Markdown).Conversation;
        return new(
            key, StampOf(listed), listed.Id, listed.Workspace, listed.Path, conversation?.Header.Title ?? listed.Title, conversation is null ? [] : [.. Texts(conversation)]);
    }

    public static FileStamp StampOf(ConversationInfo info) => new(info.Updated, info.Size);

    /// <summary>Whether the file is one that can be found: readable, and the only one with its id.</summary>
    public static bool IsReadable(ConversationInfo info) => info is { Id.Length: > 0, Error.Length: 0, Copy: false };

    private static IEnumerable<IndexedText> Texts(Conversation conversation)
    {
        yield return new(null, null, conversation.Header.Created.ToUnixTimeMilliseconds(), conversation.Header.Title);
        foreach (var turn in conversation.Turns)
        {
            if (TurnView.TextOf(turn) is { Length: > 0 } text) yield return new(turn.Id.ToString(), turn.By, turn.At.ToUnixTimeMilliseconds(), text);
        }
    }
}
