using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpAgent.Protocol;
using OpAgent.Server.Edge;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>Follows conversations' events across lost connections: the reader sees neither a gap nor a repetition.</summary>
internal sealed class EventFollower(ConversationAccess conversations, LiveBoard board, TimeProvider time, ILogger<EventFollower> logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private enum Move
    {
        Event,
        Lost,
        Refused,
    }

    /// <summary>Begins to follow. A conversation that cannot be followed is refused here and not while reading.</summary>
    public async Task<IAsyncEnumerable<Event>> OpenAsync(string conversation, EventPosition after, CancellationToken cancellationToken)
    {
        var machine = conversations.Holding(conversation);
        // A stream has no answer before its first event, which may be hours away.
        if (board.MachineOf(conversation) is null)
            await machine.Conversations.GetAsync(new() { Id = conversation }, cancellationToken: cancellationToken);
        return FollowAsync(machine, conversation, after, cancellationToken);
    }

    private async IAsyncEnumerable<Event> FollowAsync(
        MachineConnection machine, string conversation, EventPosition position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        while (true)
        {
            using var call = machine.Conversations.Follow(
                new() { Conversation = conversation, Epoch = position.Epoch, AfterSeq = position.Seq }, cancellationToken: cancellationToken);
            Move move;
            while ((move = await MoveAsync(call.ResponseStream, conversation, cancellationToken)) is Move.Event)
            {
                var current = call.ResponseStream.Current;
                position = new(current.Epoch, current.Seq);
                pause = ShortestPause;
                yield return current;
            }

            // What the runtime does not know any more has no further events.
            if (move is Move.Refused) yield break;
            await Task.Delay(pause, time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async ValueTask<Move> MoveAsync(IAsyncStreamReader<Event> stream, string conversation, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken) ? Move.Event : Move.Lost;
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.FollowInterrupted(conversation, ProblemMapping.Explain(exception));
            return exception.Trailers.GetValue(ProtocolVersion.ProblemTrailer) is null ? Move.Lost : Move.Refused;
        }
    }
}
