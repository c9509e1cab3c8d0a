namespace OpAgent.Runtime.Sessions;

/// <summary>How a turn ended.</summary>
/// <param name="StopReason">ACP's, or <c>interrupted</c>, <c>deadline</c> or <c>limit</c>.</param>
/// <param name="Error">What went wrong, for a person; null when nothing did.</param>
/// <param name="Failed">The conversation is in the state failed afterwards.</param>
internal sealed record TurnOutcome(string StopReason, string? Error = null, bool Failed = false)
{
    public const string InterruptedReason = "interrupted", DeadlineReason = "deadline", LimitReason = "limit";

    public static TurnOutcome Cancelled { get; } = new(Acp.StopReason.Cancelled);

    public static TurnOutcome Interrupted(string error, bool failed = true) => new(InterruptedReason, error, failed);
}
