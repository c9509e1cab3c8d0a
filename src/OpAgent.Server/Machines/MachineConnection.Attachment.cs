using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Machines;

// Being attached: one Watch call that stays open, opened again whenever it ends. The runtime counts it as its host.
internal sealed partial class MachineConnection
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the runtime said of itself when the host last attached to it; null while it is not reached.</summary>
    public HelloReply? Hello { get; private set; }

    /// <summary>Why the runtime is not reached; null while it is, or before the first attempt ended.</summary>
    public string? Unreachable { get; private set; }

    /// <summary>
    /// Waits until the steps that follow attaching are done, or the attempt to attach has failed: then the next call tells the caller why.
    /// </summary>
    public Task SettledAsync(CancellationToken cancellationToken) => Volatile.Read(ref _settled).Task.WaitAsync(cancellationToken);

    /// <summary>The id that the machine's runtime gave itself.</summary>
    public async ValueTask<string> GetIdAsync(CancellationToken cancellationToken) =>
        (Hello ?? await SayHelloAsync(cancellationToken)).MachineId;

    /// <summary>Stays attached until cancelled.</summary>
    public async Task AttachAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var hello = await SayHelloAsync(cancellationToken);
                (Hello, Unreachable) = (hello, null);
                pause = ShortestPause;
                _logger.Attached(Name, hello.Version, hello.Pid);
                await Task.WhenAll(SettleAsync(attachment, cancellationToken), WatchAsync(attachment, cancellationToken));
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException replaced) when (replaced.Trailers.GetValue(ProtocolVersion.ReplacedTrailer) is not null)
            {
                // Its program is being replaced in the same process; its socket takes the next connection all the while.
                _logger.Replaced(Name);
                pause = TimeSpan.Zero;
            }
            catch (Exception exception)
            {
                (Hello, Unreachable) = (null, ProblemMapping.Explain(exception));
                _logger.Detached(Name, pause, Unreachable);
            }

            // Whoever waited learns the reason from its own call; whoever comes later waits for the next attempt.
            Interlocked.Exchange(ref _settled, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks * 2, ShortestPause.Ticks, LongestPause.Ticks));
        }
    }

    private async Task<HelloReply> SayHelloAsync(CancellationToken cancellationToken)
    {
        var hello = await Machine.HelloAsync(
            new() { MinProtocol = ProtocolVersion.Minimum, MaxProtocol = ProtocolVersion.Maximum, HostVersion = HostVersion.Text },
            cancellationToken: cancellationToken);
        return hello.Protocol is >= ProtocolVersion.Minimum and <= ProtocolVersion.Maximum
            ? hello
            : throw KnownProblems.MachineUnavailable.With(
                $"The runtime {hello.Version} of machine '{Name}' and this host {HostVersion.Text} have no version of their protocol in common: update the older one.");
    }

    private async Task SettleAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        foreach (var step in attachment.Steps)
        {
            try
            {
                await step.AttachedAsync(this, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The machine is of use without this step; who needs what it would have done gets a problem that names it.
                _logger.StepFailed(Name, exception);
            }
        }

        Volatile.Read(ref _settled).TrySetResult();
    }

    private async Task WatchAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        using var call = Conversations.Watch(new() { Realm = attachment.Realm }, cancellationToken: cancellationToken);
        var snapshot = attachment.Board.BeginSnapshot(Name);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (change.WhatCase)
            {
                case Change.WhatOneofCase.Conversation:
                    snapshot?.Add(change.Conversation);
                    attachment.Board.Set(Name, change.Conversation);
                    break;
                case Change.WhatOneofCase.Permission:
                    snapshot?.Add(change.Permission);
                    attachment.Board.Set(Name, change.Permission);
                    break;
                case Change.WhatOneofCase.SnapshotComplete:
                    snapshot?.Complete();
                    snapshot = null;
                    break;
            }
        }

        throw new RpcException(new(StatusCode.Unavailable, "the runtime ended"));
    }
}

/// <summary>What a host does with every machine it attaches to.</summary>
internal sealed record Attachment(string Realm, LiveBoard Board, IReadOnlyList<IAttachStep> Steps);

/// <summary>Something to do each time the host has attached to a machine's runtime, which may be a new one. Runs beside the watch; a failure is logged.</summary>
internal interface IAttachStep
{
    Task AttachedAsync(MachineConnection machine, CancellationToken cancellationToken);
}
