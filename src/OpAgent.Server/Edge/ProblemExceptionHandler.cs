using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Edge;

/// <summary>Turns whatever a request threw into problem details.</summary>
internal sealed class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // Nobody is there to read an answer.
        if (httpContext.RequestAborted.IsCancellationRequested) return true;

        var problem = exception is BadHttpRequestException bad ? RequestFault.ToProblem(httpContext, bad) : ProblemMapping.ToProblem(exception);
        if (problem.Problem == KnownProblems.Internal) logger.RequestFailed(httpContext.Request.Method, httpContext.Request.Path, exception);
        await ProblemResponse.WriteAsync(httpContext, problem);
        return true;
    }
}
