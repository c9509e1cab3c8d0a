using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Search;

internal static partial class SearchLog
{
    [LoggerMessage(6001, LogLevel.Warning, "{File} is damaged and is made anew: {Reason}")]
    public static partial void IndexDamaged(this ILogger logger, string file, string reason);

    [LoggerMessage(6002, LogLevel.Warning, "The conversations of {Workspace} could not be indexed now: {Reason}")]
    public static partial void WorkspaceNotIndexed(this ILogger logger, string workspace, string reason);

    [LoggerMessage(6003, LogLevel.Debug, "Indexed {Changed} changed conversations, dropped {Gone}, in {Milliseconds:0} ms")]
    public static partial void Indexed(this ILogger logger, int changed, int gone, double milliseconds);

    [LoggerMessage(6004, LogLevel.Error, "Indexing failed unexpectedly; the next search tries again")]
    public static partial void IndexingFailed(this ILogger logger, Exception exception);
}
