namespace OpAgent.Runtime.Sessions;

/// <summary>Log messages 100–199. Never a prompt's or an answer's text.</summary>
internal static partial class SessionsLog
{
    [LoggerMessage(100, LogLevel.Information, "Conversation {Conversation}: agent {Agent} started as process {Pid}.")]
    public static partial void AgentStarted(ILogger logger, Guid conversation, string agent, int pid);

    [LoggerMessage(101, LogLevel.Information, "Conversation {Conversation}: agent {Agent} {Exit}.")]
    public static partial void AgentExited(ILogger logger, Guid conversation, string agent, string exit);

    [LoggerMessage(102, LogLevel.Warning, "Conversation {Conversation}: turn {Turn} was interrupted by the end of the runtime and is closed.")]
    public static partial void TurnRecovered(ILogger logger, Guid conversation, Guid turn);

    [LoggerMessage(103, LogLevel.Error, "Conversation {Conversation}: {Operation} failed.")]
    public static partial void Failed(ILogger logger, Guid conversation, string operation, Exception error);

    [LoggerMessage(104, LogLevel.Warning, "Conversation {Conversation} could not be recovered and is left as it is.")]
    public static partial void RecoveryFailed(ILogger logger, string conversation, Exception error);

    [LoggerMessage(105, LogLevel.Warning, "Conversation {Conversation}: agent {Agent} could not go on with its session and begins a new one: {Reason}")]
    public static partial void SessionNotResumed(ILogger logger, Guid conversation, string agent, string reason);

    [LoggerMessage(106, LogLevel.Warning, "Conversation {Conversation}: what waits for the disk could not be written yet: {Reason}")]
    public static partial void StillNotWritten(ILogger logger, Guid conversation, string reason);

    [LoggerMessage(107, LogLevel.Warning, "Conversation {Conversation}: a follower that takes nothing was cut off before event {Seq}; it can go on from there.")]
    public static partial void FollowerCutOff(ILogger logger, Guid conversation, long seq);
    
    [LoggerMessage(108, LogLevel.Error, "Conversation {Conversation} could not be taken over from the program before this one; its agent is ended, as after a crash.")]
    public static partial void NotRestored(ILogger logger, Guid conversation, Exception error);
}
