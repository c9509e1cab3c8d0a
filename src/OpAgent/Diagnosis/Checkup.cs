using OpAgent.Server.Machines;
using OpAgent.Server.Storage;

namespace OpAgent.Diagnosis;

/// <summary>Looks at everything on this machine that agents depend on. Starts neither host nor runtime, and changes nothing.</summary>
internal static class Checkup
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(DataDirectory data, SystemFiles system, TimeProvider time, CancellationToken cancellationToken)
    {
        var runtime = await LocalRuntime.LookAsync(data, cancellationToken);
        var pid = runtime.Facts?.Pid ?? Environment.ProcessId;
        // A service has another PATH than a terminal, and it is the runtime that starts agents.
        var path = PathOf(system.Read($"/proc/{pid}/environ")) ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        return
        [
            .. DataCheck.Look(data),
            await HostCheck.LookAsync(data, system, cancellationToken),
            .. RuntimeCheck.Look(runtime),
            await SandboxCheck.LookAsync(system, path, cancellationToken),
            ControlGroupCheck.Look(system, pid),
            LogoutCheck.Look(system, pid, Environment.UserName),
            InotifyCheck.Look(system),
            .. await ProgramsCheck.LookAsync(path, cancellationToken),
            ClockCheck.Look(time),
        ];
    }

    private static string? PathOf(string? environment) =>
        environment?.Split('\0').FirstOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?["PATH=".Length..];
}
