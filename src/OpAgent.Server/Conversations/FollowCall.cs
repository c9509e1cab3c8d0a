using Grpc.Core;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>One accepted call to follow a conversation, already moving to its next event.</summary>
internal sealed class FollowCall : IDisposable
{
    private readonly AsyncServerStreamingCall<Event> _call;

    private FollowCall(AsyncServerStreamingCall<Event> call, Task<bool> next) => (_call, Next) = (call, next);

    /// <summary>True once an event can be taken, false at the end.</summary>
    public Task<bool> Next { get; private set; }

    /// <exception cref="RpcException">The runtime refuses or cannot be reached.</exception>
    public static async Task<FollowCall> OpenAsync(
        MachineConnection machine, string conversation, EventPosition after, CancellationToken cancellationToken)
    {
        var call = machine.Conversations.Follow(
            new() { Conversation = conversation, Epoch = after.Epoch, AfterSeq = after.Seq }, cancellationToken: cancellationToken);
        try
        {
            // The runtime sends its headers when it has accepted, before the first event. With a refusal the headers are the end as well.
            await call.ResponseHeadersAsync;
            var next = call.ResponseStream.MoveNext(cancellationToken);
            if (next.IsFaulted) await next;
            return new(call, next);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>The event that <see cref="Next"/> announced.</summary>
    public Event Take(CancellationToken cancellationToken)
    {
        var current = _call.ResponseStream.Current;
        Next = _call.ResponseStream.MoveNext(cancellationToken);
        return current;
    }

    public void Dispose() => _call.Dispose();
}
