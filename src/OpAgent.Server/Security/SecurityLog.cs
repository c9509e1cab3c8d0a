using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(4001, LogLevel.Warning, "Refused at the socket: {Reason}")]
    public static partial void PeerRefused(this ILogger logger, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Token {Name} ({Id}) for {Scopes} was made by {Person}")]
    public static partial void TokenMade(this ILogger logger, string name, string id, string scopes, string person);

    [LoggerMessage(4003, LogLevel.Information, "Token {Id} was revoked by {Person}")]
    public static partial void TokenRevoked(this ILogger logger, string id, string person);

    [LoggerMessage(4004, LogLevel.Information, "A set-up code was made")]
    public static partial void SetupCodeMade(this ILogger logger);

    [LoggerMessage(4005, LogLevel.Information, "{Person} is the host's owner now")]
    public static partial void OwnerMade(this ILogger logger, string person);

    [LoggerMessage(4006, LogLevel.Information, "An account for {Person} was made by {By}")]
    public static partial void AccountMade(this ILogger logger, string person, string by);

    [LoggerMessage(4007, LogLevel.Information, "The account of {Person} was removed by {By}")]
    public static partial void AccountRemoved(this ILogger logger, string person, string by);

    [LoggerMessage(4008, LogLevel.Information, "{Person} signed in as session {Id} from {Address}")]
    public static partial void SignedIn(this ILogger logger, string person, string id, string address);

    // Not the name: people type passwords into its field.
    [LoggerMessage(4009, LogLevel.Warning, "A wrong name or password came from {Source}")]
    public static partial void SignInRefused(this ILogger logger, string source);

    [LoggerMessage(4010, LogLevel.Warning, "A wrong {What} code came from {Source}")]
    public static partial void CodeRefused(this ILogger logger, string what, string source);

    [LoggerMessage(4011, LogLevel.Warning, "Too many attempts from {Source}: the next one in {Seconds} s")]
    public static partial void AttemptsLimited(this ILogger logger, string source, string seconds);

    [LoggerMessage(4012, LogLevel.Information, "Session {Id} was ended by {Person}")]
    public static partial void SessionEnded(this ILogger logger, string id, string person);

    [LoggerMessage(4013, LogLevel.Information, "{Person} has a new password")]
    public static partial void PasswordChanged(this ILogger logger, string person);

    [LoggerMessage(4014, LogLevel.Information, "The password of {Person} was taken away by {By}")]
    public static partial void PasswordReset(this ILogger logger, string person, string by);

    [LoggerMessage(4015, LogLevel.Warning, "Open sessions could not be checked: {Reason}")]
    public static partial void SessionCheckFailed(this ILogger logger, string reason);

    [LoggerMessage(4016, LogLevel.Warning, "Something that follows the making of the owner's account failed: {Reason}")]
    public static partial void OwnerStepFailed(this ILogger logger, string reason);
}
