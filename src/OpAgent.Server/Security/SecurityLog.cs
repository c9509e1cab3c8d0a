using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(4001, LogLevel.Warning, "Refused at the socket: {Reason}")]
    public static partial void PeerRefused(this ILogger logger, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Token {Name} ({Id}) was made by {Person}")]
    public static partial void TokenMade(this ILogger logger, string name, string id, string person);

    [LoggerMessage(4003, LogLevel.Information, "Token {Id} was revoked by {Person}")]
    public static partial void TokenRevoked(this ILogger logger, string id, string person);
}
