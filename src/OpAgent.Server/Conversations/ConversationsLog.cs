using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Conversations;

internal static partial class ConversationsLog
{
    [LoggerMessage(3001, LogLevel.Information, "Following {Conversation} was interrupted, resuming: {Reason}")]
    public static partial void FollowInterrupted(this ILogger logger, string conversation, string reason);

    [LoggerMessage(3002, LogLevel.Error, "Hub call {Method} failed unexpectedly")]
    public static partial void HubCallFailed(this ILogger logger, string method, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "Conversation {Conversation} is shown as it was, until it can be read again: {Reason}")]
    public static partial void MirrorInterrupted(this ILogger logger, string conversation, string reason);
}
