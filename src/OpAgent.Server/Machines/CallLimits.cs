using Grpc.Core;
using Grpc.Core.Interceptors;

namespace OpAgent.Server.Machines;

/// <summary>Gives every call with one reply an end, so that a runtime that hangs does not hang its callers too. Streams live as long as their reader.</summary>
internal sealed class CallLimits : Interceptor
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (context.Options.Deadline is not null) return continuation(request, context);
        // gRPC compares it with the system's clock.
        var options = context.Options.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + Limit);
        return continuation(request, new(context.Method, context.Host, options));
    }
}
