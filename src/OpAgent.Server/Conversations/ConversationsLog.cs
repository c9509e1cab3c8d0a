using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Conversations;

internal static partial class ConversationsLog
{
    [LoggerMessage(3001, LogLevel.Information, "Following {Conversation} was interrupted, resuming: {Reason}")]
    public static partial void FollowInterrupted(this ILogger logger, string conversation, string reason);

    [LoggerMessage(3002, LogLevel.Error, "Hub call {Method} failed unexpectedly")]
    public static partial void HubCallFailed(this ILogger logger, string method, Exception exception);
}
