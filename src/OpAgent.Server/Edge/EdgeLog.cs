using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Edge;

internal static partial class EdgeLog
{
    [LoggerMessage(1001, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
    public static partial void RequestFailed(this ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(1002, LogLevel.Information, "Listening on {Urls} and {Socket}")]
    public static partial void Listening(this ILogger logger, string urls, string socket);

    [LoggerMessage(1003, LogLevel.Warning, "Port {Port} is taken by another program: taking a free one")]
    public static partial void PortTaken(this ILogger logger, int port);

    [LoggerMessage(1004, LogLevel.Warning, "A reader of {Path} that takes nothing was cut off; it can come back and go on by number")]
    public static partial void ReaderCutOff(this ILogger logger, string path);
}
