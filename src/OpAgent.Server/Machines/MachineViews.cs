using OpAgent.Protocol;

namespace OpAgent.Server.Machines;

/// <summary>A machine and how it is. What its runtime would say is null while it is offline.</summary>
/// <param name="State">online or offline.</param>
/// <param name="Error">Why the machine is offline.</param>
/// <param name="Load">Over one minute.</param>
/// <param name="Containment">What ends everything that an agent started: pid-namespace, cgroup or subreaper.</param>
/// <param name="Sandbox"><c>bubblewrap</c>, or why agents cannot be kept in a sandbox there.</param>
/// <param name="Limits">What holds agents to their limits on memory and processes: cgroup, or sampled.</param>
/// <param name="Upgrade">The runtime program that the host brings along and that may take over; null where there is nothing newer.</param>
public sealed record MachineView(
    string Name, string? Id, string State, string? Error, string? HostName = null, string? Os = null, string? Architecture = null,
    string? User = null, string? Home = null, int? Cores = null, long? MemoryBytes = null, long? MemoryAvailableBytes = null, double? Load = null,
    long? DiskBytes = null, long? DiskFreeBytes = null, string? RuntimeVersion = null, int? RuntimePid = null, long? RuntimeMemoryBytes = null,
    int? LiveSessions = null, string? Containment = null, string? Sandbox = null, string? Limits = null, RuntimeUpgradeView? Upgrade = null)
{
    internal const string Bubblewrap = "bubblewrap";

    /// <summary>Whether agents can be kept from what is not their own; null where that is not known.</summary>
    public bool? MakesSandboxes => Sandbox is null ? null : Sandbox == Bubblewrap;

    internal static MachineView Online(string name, MachineInfo info, RuntimeUpgradeView? upgrade) => new(
        name, info.MachineId, "online", null, info.HostName, info.Os, info.Architecture, info.User, info.Home, info.Cores, info.MemoryBytes,
        info.MemoryAvailableBytes, info.Load, info.DiskBytes, info.DiskFreeBytes, info.RuntimeVersion, info.RuntimePid, info.RuntimeMemoryBytes,
        info.LiveSessions, info.Containment, info.Sandbox.NullIfEmpty(), info.Limits.NullIfEmpty(), upgrade);

    internal static MachineView Offline(string name, string error) => new(name, null, "offline", error);
}

/// <summary>Another program for a machine's runtime: which one runs and which one may take over, or has done so.</summary>
/// <param name="From">The version; where only the content differs, with the build behind a plus.</param>
public sealed record RuntimeUpgradeView(string From, string To);

/// <summary>The directories in one directory of a machine.</summary>
/// <param name="Parent">Null at the top.</param>
public sealed record DirectoryListing(string Path, string? Parent, IReadOnlyList<DirectoryView> Items, string? Next);

/// <param name="Bound">It has a workspace.yaml.</param>
public sealed record DirectoryView(string Name, string Path, bool GitRepository, bool Bound);

/// <summary>A process that a runtime's session started.</summary>
/// <param name="State">As in /proc: R, S, D, Z or T.</param>
/// <param name="SessionLeader">It is the agent itself.</param>
public sealed record ProcessView(
    string Machine, int Pid, int Parent, string? Conversation, string? Agent, string Command, string State, long CpuMilliseconds, long MemoryBytes,
    DateTimeOffset Started, bool SessionLeader)
{
    internal static ProcessView Of(string machine, ProcessInfo process) => new(
        machine, process.Pid, process.Parent, process.Conversation.NullIfEmpty(), process.Agent.NullIfEmpty(), process.Command, process.State,
        process.CpuMilliseconds, process.MemoryBytes, DateTimeOffset.FromUnixTimeMilliseconds(process.Started), process.SessionLeader);
}
