using OpAgent.Hosting;

namespace OpAgent.Diagnosis;

/// <summary>Whether the runtime may make control groups below its own, by which limits on memory and processes are enforced.</summary>
internal static class ControlGroupCheck
{
    private const string Name = "cgroups";
    private const string Meaning = "limits on an agent's memory and processes are watched by sampling, and may be exceeded for a moment";

    private static readonly string[] Needed = ["memory", "pids"];

    /// <param name="system">The system's files.</param>
    /// <param name="pid">The runtime, or where none runs this program.</param>
    public static Finding Look(SystemFiles system, int pid)
    {
        if (!system.Has("/sys/fs/cgroup/cgroup.controllers"))
            return Finding.Warning(Name, $"Control groups of version 2 are not in use here: {Meaning}.", "Start Linux with 'systemd.unified_cgroup_hierarchy=1', where that is possible.");
        var own = (system.Read($"/proc/{pid}/cgroup") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "/";
        var group = $"/sys/fs/cgroup{own.TrimEnd('/')}";
        if (!LibC.MayWrite(system.At(group)) || !LibC.MayWrite(system.At($"{group}/cgroup.procs")))
            return Finding.Warning(Name, $"The control group {own} is not delegated to this user: {Meaning}.", "Run the runtime as a service (the units in deploy/ say Delegate=yes).");
        var missing = Needed.Except((system.Read($"{group}/cgroup.controllers") ?? "").Split([' ', '\n'])).ToList();
        return missing.Count > 0
            ? Finding.Warning(Name, $"The control group {own} lacks {string.Join(" and ", missing)}: {Meaning}.", "Run the runtime as a service (the units in deploy/ say Delegate=yes).")
            : Finding.Ok(Name, $"The control group {own} is delegated, with memory and pids.");
    }
}
