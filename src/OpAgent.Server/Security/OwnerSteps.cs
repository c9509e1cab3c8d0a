using Microsoft.Extensions.Logging;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Security;

/// <summary>Something to do once in a host's life: when its owner's account has been made. A failure is logged.</summary>
internal interface IOwnerStep
{
    Task OwnerMadeAsync(CancellationToken cancellationToken);
}

/// <summary>Runs them. The owner does not wait long for what a slow machine does, and has an account whatever fails.</summary>
internal sealed class OwnerSteps(IEnumerable<IOwnerStep> steps, TimeProvider time, ILogger<OwnerSteps> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task RunAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time);
        foreach (var step in steps)
        {
            try
            {
                await step.OwnerMadeAsync(limit.Token);
            }
            catch (Exception exception)
            {
                logger.OwnerStepFailed(ProblemMapping.ToProblem(exception).Message);
            }
        }
    }
}
