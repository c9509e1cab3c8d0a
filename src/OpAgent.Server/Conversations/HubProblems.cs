using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Conversations;

/// <summary>Tells a hub's caller the problem's type and detail, as <c>type: detail</c>.</summary>
internal sealed class HubProblems(ILogger<HubProblems> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (exception is not HubException && !invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            var problem = ProblemMapping.ToProblem(exception);
            if (problem.Problem == KnownProblems.Internal) logger.HubCallFailed(invocationContext.HubMethodName, exception);
            throw new HubException($"{problem.Problem.Type}: {problem.Message}");
        }
    }
}
