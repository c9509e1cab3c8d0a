using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Conversations;

internal static partial class ConversationsLog
{
    [LoggerMessage(3001, LogLevel.Information, "Following {Conversation} was interrupted, resuming: {Reason}")]
    public static partial void FollowInterrupted(this ILogger logger, string conversation, string reason);

    [LoggerMessage(3002, LogLevel.Error, "Hub call {Method} failed unexpectedly")]
    public static partial void HubCallFailed(this ILogger logger, string method, Exception exception);

    [LoggerMessage(3004, LogLevel.Warning, "The overview of all conversations begins anew: {Reason}")]
    public static partial void OverviewInterrupted(this ILogger logger, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "Event {Seq} of conversation {Conversation} cannot be shown and is left out")]
    public static partial void EventLeftOut(this ILogger logger, string conversation, long seq, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "Conversation {Conversation} is shown as it was, until it can be read again: {Reason}")]
    public static partial void MirrorInterrupted(this ILogger logger, string conversation, string reason);
}
