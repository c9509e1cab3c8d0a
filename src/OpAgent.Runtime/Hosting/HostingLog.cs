namespace OpAgent.Runtime.Hosting;

/// <summary>Log messages 1–99.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "Runtime {Version} serves {Home} as machine {MachineId}, process {Pid}.")]
    public static partial void Serving(ILogger logger, string version, string home, string machineId, int pid);

    [LoggerMessage(2, LogLevel.Information, "Nothing has run and no host was attached for {Idle}; the runtime ends.")]
    public static partial void IdleExit(ILogger logger, TimeSpan idle);

    [LoggerMessage(3, LogLevel.Error, "The call {Method} failed.")]
    public static partial void CallFailed(ILogger logger, string method, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "Refused a connection from process {Pid} of user {Uid}: {Reason}.")]
    public static partial void PeerRefused(ILogger logger, int pid, int uid, string reason);

    [LoggerMessage(5, LogLevel.Information, "The runtime was asked to stop.")]
    public static partial void StopRequested(ILogger logger);
}
