using System.Runtime.CompilerServices;
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
            throw Tell(exception, invocationContext.HubMethodName);
        }
    }

    /// <summary>The same for a stream, which is read after the call has returned.</summary>
    public async IAsyncEnumerable<T> WatchAsync<T>(IAsyncEnumerable<T> stream, string method, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = stream.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync()) yield break;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw Tell(exception, method);
            }

            yield return items.Current;
        }
    }

    private HubException Tell(Exception exception, string method)
    {
        var problem = ProblemMapping.ToProblem(exception);
        if (problem.Problem == KnownProblems.Internal) logger.HubCallFailed(method, exception);
        return new($"{problem.Problem.Type}: {problem.Message}");
    }
}
