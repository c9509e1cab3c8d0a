using System.Globalization;
using OpAgent.Core.Bindings;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Limits;

/// <summary>The control group of one agent, in which the kernel holds it to memory and processes.</summary>
/// <param name="isOwn">The group was made for this, and goes with it.</param>
internal sealed class LimitGroup(ControlGroup group, bool isOwn)
{
    // The kernel counts threads, a binding counts processes. This stops what starts them faster than they are counted.
    private const int ThreadsPerProcess = 32;

    public IReadOnlyList<int> ReadProcesses() => group.ReadProcesses();

    /// <exception cref="IOException">The process is gone, or the kernel refuses.</exception>
    public void Add(int pid) => group.Add(pid);

    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Set(ResolvedLimits limits)
    {
        group.Write("memory.max", Text(limits.Memory?.Value));
        // All of it ends, and not whichever process the kernel chooses: an agent without one of its parts hangs.
        group.Write("memory.oom.group", limits.Memory is null ? "0" : "1");
        group.Write("pids.max", Text(limits.Processes?.Value * (long)ThreadsPerProcess));
    }

    /// <summary>The limit at which the kernel ended the agent, or let it start nothing more; null for none.</summary>
    public LimitBreach? FindBreach(ResolvedLimits limits)
    {
        if (limits.Memory is { } memory && group.ReadCounter("memory.events", "oom_kill") > 0) return LimitBreach.Reached(memory);
        return limits.Processes is { } processes && group.ReadCounter("pids.events", "max") > 0 ? LimitBreach.Reached(processes) : null;
    }

    public bool TryRemove() => !isOwn || group.TryRemove();

    private static string Text(long? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "max";
}
