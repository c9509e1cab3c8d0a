using System.Runtime.CompilerServices;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>Every conversation's state and every open permission request: as they are, then as they change.</summary>
internal sealed class LiveFeed(LiveBoard board, MachineRegistry machines, ConversationAccess conversations, PermissionDesk permissions)
{
    public async IAsyncEnumerable<LiveChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in board.WatchAsync(cancellationToken))
        {
            var machine = machines.Get(item.Machine);
            yield return item.Conversation is { } conversation
                ? new(await conversations.ViewAsync(machine, conversation, cancellationToken), null)
                : new(null, await permissions.ViewAsync(machine, item.Permission!, cancellationToken));
        }
    }
}

/// <summary>One of the two: what is now true of a conversation or of a permission request.</summary>
internal sealed record LiveChange(ConversationView? Conversation, PermissionView? Permission);
