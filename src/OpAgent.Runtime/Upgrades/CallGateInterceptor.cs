using Grpc.Core;
using Grpc.Core.Interceptors;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Upgrades;

/// <summary>Leads every system call through the gate, and ends streams with a status that means "ask again" when the program is replaced.</summary>
internal sealed class CallGateInterceptor(CallGate gate) : Interceptor
{
    private const string Upgrade = "/opagent.runtime.v1.Machine/Upgrade";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var pass = await gate.EnterAsync(context.CancellationToken).ConfigureAwait(false);
        // The call that brings the switch about cannot wait for its own end.
        if (context.Method == Upgrade) pass.Dispose();
        return await continuation(request, context).ConfigureAwait(false);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var pass = await gate.EnterAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            await continuation(request, new EndingWriter<TResponse>(responseStream, pass.Leaving), context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (pass.Leaving.IsCancellationRequested)
        {
            throw Replaced();
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var pass = await gate.EnterAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            return await continuation(new EndingReader<TRequest>(requestStream, pass.Leaving), context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (pass.Leaving.IsCancellationRequested)
        {
            throw Replaced();
        }
    }

    private static RpcException Replaced() => new(
        new Status(StatusCode.Unavailable, "The runtime is being replaced by a newer one; what it runs goes on. Ask again."), new Metadata { { ProtocolVersion.ReplacedTrailer, "true" } });

    private sealed class EndingWriter<T>(IServerStreamWriter<T> inner, CancellationToken leaving) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            leaving.ThrowIfCancellationRequested();
            // Whoever reads slowly does not hold the switch up either.
            await inner.WriteAsync(message, cancellationToken).WaitAsync(leaving).ConfigureAwait(false);
        }
    }

    private sealed class EndingReader<T>(IAsyncStreamReader<T> inner, CancellationToken leaving) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => inner.MoveNext(cancellationToken).WaitAsync(leaving);
    }
}
