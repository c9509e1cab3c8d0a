using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>Follows conversations' events across lost connections: the reader sees neither a gap nor a repetition.</summary>
internal sealed class EventFollower(MachineRegistry machines, TimeProvider time, ILogger<EventFollower> logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Begins to follow. Completes once the runtime has accepted, so that a refusal is thrown here and not while reading.</summary>
    public async Task<IAsyncEnumerable<Event>> OpenAsync(string conversation, EventPosition after, CancellationToken cancellationToken)
    {
        var machine = machines.Holding(conversation);
        var first = await FollowCall.OpenAsync(machine, conversation, after, cancellationToken);
        return ReadAsync(machine, conversation, after, first, cancellationToken);
    }

    private async IAsyncEnumerable<Event> ReadAsync(
        MachineConnection machine, string conversation, EventPosition position, FollowCall? call,
        CancellationToken opened, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(opened, cancellationToken);
        var pause = ShortestPause;
        try
        {
            while (true)
            {
                while (call is not null && await TryMoveAsync(call, conversation))
                {
                    var current = call.Take(stop.Token);
                    position = new(current.Epoch, current.Seq);
                    pause = ShortestPause;
                    yield return current;
                }

                call?.Dispose();
                call = null;
                await Task.Delay(pause, time, stop.Token);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                (call, var refused) = await TryOpenAsync(machine, conversation, position, stop.Token);
                // What the runtime does not know any more has no further events.
                if (refused) yield break;
            }
        }
        finally
        {
            call?.Dispose();
        }
    }

    /// <summary>False when the stream ended, whatever the reason.</summary>
    private async Task<bool> TryMoveAsync(FollowCall call, string conversation)
    {
        try
        {
            return await call.Next;
        }
        catch (RpcException exception)
        {
            logger.FollowInterrupted(conversation, exception.Status.Detail);
            return false;
        }
    }

    private static async Task<(FollowCall? Call, bool Refused)> TryOpenAsync(
        MachineConnection machine, string conversation, EventPosition position, CancellationToken cancellationToken)
    {
        try
        {
            return (await FollowCall.OpenAsync(machine, conversation, position, cancellationToken), false);
        }
        catch (RpcException exception)
        {
            return (null, exception.Trailers.GetValue(ProtocolVersion.ProblemTrailer) is not null);
        }
    }
}
