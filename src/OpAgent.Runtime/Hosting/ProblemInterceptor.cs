using Grpc.Core;
using Grpc.Core.Interceptors;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>Answers a refused system call with its problem's type and words; anything unexpected is logged here and told without details.</summary>
internal sealed class ProblemInterceptor(IHostApplicationLifetime lifetime, ILogger<ProblemInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        if (error is ProblemException refused) return Answer(refused.Problem, refused.Message);
        if (context.CancellationToken.IsCancellationRequested) return new RpcException(Status.DefaultCancelled);
        if (error is OperationCanceledException && lifetime.ApplicationStopping.IsCancellationRequested) return new RpcException(new Status(StatusCode.Unavailable, "The runtime ends."));
        HostingLog.CallFailed(logger, context.Method, error);
        return error is PosixException or IOException
            ? Answer(KnownProblems.StorageFailed, $"The machine's runtime could not do it: {error.Message}")
            : Answer(KnownProblems.Internal, "The machine's runtime met an error that it did not expect. Its log says more.");
    }

    private static RpcException Answer(Problem problem, string detail)
    {
        var code = problem.Status switch
        {
            404 => StatusCode.NotFound,
            403 => StatusCode.PermissionDenied,
            409 or 412 => StatusCode.FailedPrecondition,
            >= 500 => StatusCode.Internal,
            _ => StatusCode.InvalidArgument,
        };
        return new RpcException(new Status(code, detail), new Metadata { { ProtocolVersion.ProblemTrailer, problem.Type } });
    }
}
