using Grpc.Core;
using Microsoft.AspNetCore.Http;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Edge;

/// <summary>The one place that knows what an exception means to a caller of the host.</summary>
internal static class ProblemMapping
{
    /// <summary>The problem that the exception stands for; <see cref="KnownProblems.Internal"/>, which gives nothing away, for one that nobody expects.</summary>
    public static ProblemException ToProblem(Exception exception) => exception switch
    {
        ProblemException known => known,
        RpcException refused when refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer) is { } type =>
            KnownProblems.Find(type).With(refused.Status.Detail),
        RpcException { StatusCode: StatusCode.Unavailable } unavailable => KnownProblems.MachineUnavailable.With(
            $"The machine's runtime cannot be reached: {Reason(unavailable)}. Conversations that run there go on; try again in a moment."),
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => KnownProblems.MachineUnavailable.With(
            "The machine's runtime did not answer in time. What was asked for may still happen: look before you repeat it."),
        _ => KnownProblems.Internal.With("The host failed unexpectedly; its log says more. Nothing else is affected."),
    };

    /// <summary>Why something failed, for a log or a state that people read.</summary>
    public static string Explain(Exception exception) => exception switch
    {
        RpcException { StatusCode: StatusCode.Unavailable } unavailable => Reason(unavailable),
        RpcException refused => refused.Status.Detail,
        _ => exception.Message,
    };

    public static Problem ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => KnownProblems.Unauthorized,
        StatusCodes.Status403Forbidden => KnownProblems.Forbidden,
        StatusCodes.Status404NotFound => KnownProblems.NotFound,
        StatusCodes.Status405MethodNotAllowed => KnownProblems.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => KnownProblems.RequestTooLarge,
        StatusCodes.Status415UnsupportedMediaType => KnownProblems.MediaTypeNotSupported,
        >= 400 and < 500 => KnownProblems.InvalidRequest with { Status = status },
        _ => KnownProblems.Internal,
    };

    // gRPC wraps what the transport said.
    private static string Reason(RpcException exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is RuntimeUnreachableException unreachable) return unreachable.Message;
        }

        return exception.Status.DebugException?.GetBaseException() is { } cause
            ? cause is RuntimeUnreachableException ? cause.Message : $"the connection was lost ({cause.Message})"
            : exception.Status.Detail;
    }
}
