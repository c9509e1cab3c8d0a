using Grpc.Core;
using Grpc.Net.Client;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Edge;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>The runtime of this machine, for a caller that is no host.</summary>
public static class LocalRuntime
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends every agent and then the runtime. False where none runs; none is started for it.</summary>
    /// <exception cref="ProblemException">The runtime does not end.</exception>
    public static async Task<bool> StopAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        if (await ConnectInTimeAsync(data, cancellationToken) is not { } stream) return false;
        using var channel = ChannelOver(stream);
        try
        {
            await new Protocol.Machine.MachineClient(channel).StopAsync(
                new(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime + TimeToStop, cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException exception)
        {
            throw ProblemMapping.ToProblem(exception);
        }
    }

    /// <summary>Asks the runtime how it is. None is started for it.</summary>
    public static async Task<LocalRuntimeState> LookAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        if (await LocalTransport.TryConnectAsync(data.RuntimeSocket, cancellationToken) is not { } stream)
        {
            return new(null, FileLock.IsHeld(data.RuntimeLock) ? $"it holds {data.RuntimeLock} and does not listen on {data.RuntimeSocket}." : null);
        }

        using var channel = ChannelOver(stream);
        try
        {
            var info = await new Protocol.Machine.MachineClient(channel).GetInfoAsync(
                new(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime + TimeToAnswer, cancellationToken: cancellationToken);
            return new(LocalRuntimeFacts.Of(info), null);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, ProblemMapping.Explain(exception));
        }
    }

    private static GrpcChannel ChannelOver(Stream stream) => GrpcChannel.ForAddress("http://runtime", new()
    {
        HttpHandler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(stream), UseProxy = false },
        DisposeHttpClient = true,
    });

    private static async Task<Stream?> ConnectInTimeAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeToStop);
        try
        {
            return await ConnectAsync(data, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw KnownProblems.MachineUnavailable.With($"A runtime holds {data.RuntimeLock} and does not listen, not even after {TimeToStop.TotalMinutes} minutes: look into {data.RuntimeHome} for its log.");
        }
    }

    /// <summary>Null where none runs. One that holds its lock and does not listen yet is about to.</summary>
    private static async Task<Stream?> ConnectAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            if (await LocalTransport.TryConnectAsync(data.RuntimeSocket, cancellationToken) is { } stream) return stream;
            if (!FileLock.IsHeld(data.RuntimeLock)) return null;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
