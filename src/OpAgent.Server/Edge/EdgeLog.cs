using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Edge;

internal static partial class EdgeLog
{
    [LoggerMessage(1001, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
    public static partial void RequestFailed(this ILogger logger, string method, string path, Exception exception);
}
