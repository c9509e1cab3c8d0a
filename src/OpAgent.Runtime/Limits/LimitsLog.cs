namespace OpAgent.Runtime.Limits;

/// <summary>Log messages 700–799.</summary>
internal static partial class LimitsLog
{
    [LoggerMessage(700, LogLevel.Warning, "Process {Pid} and what it started are killed: {Breach}.")]
    public static partial void Exceeded(ILogger logger, int pid, string breach);

    [LoggerMessage(701, LogLevel.Warning, "Limits of process {Pid} are looked at from time to time, because it has no control group: {Reason}")]
    public static partial void NoGroup(ILogger logger, int pid, string reason);

    [LoggerMessage(702, LogLevel.Error, "Looking at the limits of process {Pid} failed.")]
    public static partial void LookFailed(ILogger logger, int pid, Exception error);
}
