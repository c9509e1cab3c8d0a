using System.Runtime.CompilerServices;
using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>Every conversation's state and every open permission request: as they are, then as they change.</summary>
internal sealed class LiveFeed(LiveBoard board, MachineRegistry machines, ConversationAccess conversations, PermissionDesk permissions)
{
    // Readers do not wait longer for a machine that does not answer; they see a conversation too many.
    private static readonly TimeSpan TimeToLook = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<LiveChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await TryForgetGoneAsync(cancellationToken);
        await foreach (var item in board.WatchAsync(cancellationToken))
        {
            var machine = machines.Get(item.Machine);
            yield return item.Conversation is { } conversation
                ? new(await conversations.ViewAsync(machine, conversation, cancellationToken), null)
                : new(null, await permissions.ViewAsync(machine, item.Permission!, cancellationToken));
        }
    }

    private async Task TryForgetGoneAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeToLook);
        try
        {
            await ForgetGoneAsync(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException or ProblemException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A runtime does not hear of a file that was deleted behind its back; whether one is there is seen where the files are listed.</summary>
    private async Task ForgetGoneAsync(CancellationToken cancellationToken)
    {
        // A turn that runs writes its file anew.
        var said = board.Conversations.Where(item => item.Conversation is { Turn.Length: 0 }).ToList();
        foreach (var workspace in said.GroupBy(item => (item.Machine, item.Conversation!.Workspace)))
        {
            if (await conversations.ListFilesAsync(machines.Get(workspace.Key.Machine), workspace.Key.Workspace, cancellationToken) is not { } files) continue;
            var (ids, paths) = (files.Select(file => file.Id).ToHashSet(), files.Select(file => file.File).ToHashSet());
            // A file that is too broken to tell its id is there all the same.
            foreach (var item in workspace.Where(item => !ids.Contains(item.Conversation!.Id) && !paths.Contains(item.Conversation.File))) board.Forget(item);
        }
    }
}

/// <summary>One of the two: what is now true of a conversation or of a permission request.</summary>
internal sealed record LiveChange(ConversationView? Conversation, PermissionView? Permission);
