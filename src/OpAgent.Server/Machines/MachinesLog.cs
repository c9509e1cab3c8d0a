using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Machines;

internal static partial class MachinesLog
{
    [LoggerMessage(2001, LogLevel.Information, "Started {Program} in {Milliseconds:0} ms")]
    public static partial void RuntimeStarted(this ILogger logger, string program, double milliseconds);

    [LoggerMessage(2002, LogLevel.Information, "Machine {Machine}: attached to runtime {Version} (process {Pid})")]
    public static partial void Attached(this ILogger logger, string machine, string version, int pid);

    [LoggerMessage(2003, LogLevel.Warning, "Machine {Machine}: runtime not reachable, trying again in {Delay}: {Reason}")]
    public static partial void Detached(this ILogger logger, string machine, TimeSpan delay, string reason);

    [LoggerMessage(2004, LogLevel.Error, "Machine {Machine}: a step after attaching failed")]
    public static partial void StepFailed(this ILogger logger, string machine, Exception exception);

    [LoggerMessage(2006, LogLevel.Warning, "Programs of earlier versions in {Directory} could not be removed: {Reason}")]
    public static partial void OldProgramsKept(this ILogger logger, string directory, string reason);

    [LoggerMessage(2007, LogLevel.Information, "Machine {Machine}: its runtime is being replaced by another program; what it runs goes on")]
    public static partial void Replaced(this ILogger logger, string machine);

    [LoggerMessage(2008, LogLevel.Warning, "The runtime program that the host brings along cannot be looked at, so no upgrade is offered: {Reason}")]
    public static partial void ProgramNotKnown(this ILogger logger, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "A reader of the live states was cut off {Backlog} changes behind")]
    public static partial void ReaderCutOff(this ILogger logger, int backlog);
}
