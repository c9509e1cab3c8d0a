using Grpc.Core;
using Grpc.Core.Interceptors;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Answers refusals as the contract says: a status with the words and a trailer with the problem's type.</summary>
internal sealed class FakeRefusals : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (ProblemException exception)
        {
            throw Translate(exception);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (ProblemException exception)
        {
            throw Translate(exception);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (ProblemException exception)
        {
            throw Translate(exception);
        }
    }

    private static RpcException Translate(ProblemException exception)
    {
        var status = exception.Problem.Status switch { 404 => StatusCode.NotFound, 403 => StatusCode.PermissionDenied, _ => StatusCode.FailedPrecondition };
        return new(new Status(status, exception.Message), new Metadata { { ProtocolVersion.ProblemTrailer, exception.Problem.Type } });
    }
}
