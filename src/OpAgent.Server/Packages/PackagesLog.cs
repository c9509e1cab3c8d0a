using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Packages;

internal static partial class PackagesLog
{
    [LoggerMessage(5001, LogLevel.Information, "Installed the bundled agent {Agent} on machine {Machine}")]
    public static partial void BundledAgentInstalled(this ILogger logger, string agent, string machine);

    [LoggerMessage(5002, LogLevel.Error, "The bundled agent in {Directory} cannot be installed: {Reason}")]
    public static partial void BundledAgentBroken(this ILogger logger, string directory, string reason);
}
