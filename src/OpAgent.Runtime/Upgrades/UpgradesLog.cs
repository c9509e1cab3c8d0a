namespace OpAgent.Runtime.Upgrades;

/// <summary>Log messages 600–699.</summary>
internal static partial class UpgradesLog
{
    [LoggerMessage(600, LogLevel.Information, "Runtime {To} has taken over from {From}: {Sessions} sessions and {Turns} turns go on.")]
    public static partial void TakenOver(ILogger logger, string from, string to, int sessions, int turns);

    [LoggerMessage(601, LogLevel.Warning, "The runtime is not replaced by {Program}: {Reason}")]
    public static partial void Refused(ILogger logger, string program, string reason);
}
