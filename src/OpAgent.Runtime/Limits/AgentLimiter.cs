using OpAgent.Core.Bindings;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Limits;

/// <summary>Holds agents to the limits of their bindings, by control groups where this machine lets the runtime have them, else by looking from time to time.</summary>
internal sealed class AgentLimiter : IDisposable
{
    private const string GroupPrefix = "agent-";

    private readonly TimeProvider _time;
    private readonly ControlGroup? _own;
    private readonly Lock _gate = new();
    private readonly List<LimitGroup> _ended = [];

    public AgentLimiter(TimeProvider time, ILogger<AgentLimiter> logger)
        : this(time, logger, ControlGroup.FindOwn())
    {
    }

    /// <param name="own">The group in which groups for agents may be made; null for none.</param>
    internal AgentLimiter(TimeProvider time, ILogger logger, ControlGroup? own)
    {
        _time = time;
        Logger = logger;
        _own = own is not null && own.TryEnableLimits() ? own : null;
        Sampler = new LimitSampler(time, logger);
        RemoveLeftGroups();
    }

    /// <summary>What memory and processes are held by: <c>cgroup</c> or <c>sampled</c>.</summary>
    public string Means => _own is null ? "sampled" : "cgroup";

    internal LimitSampler Sampler { get; }

    internal ILogger Logger { get; }

    /// <summary>Watches an agent that was just started. The caller disposes the watch when the agent has ended.</summary>
    public AgentWatch Watch(ChildProcess process, ResolvedLimits limits) => new(this, process, new OutputMeter(_time), limits);

    public void Dispose() => Sampler.Dispose();

    /// <summary>The group of the agent's own that it is in, or a new one; null where there is none to be had.</summary>
    /// <exception cref="IOException">The process is gone, or the kernel refuses.</exception>
    internal LimitGroup? TryFindGroup(int pid)
    {
        if (_own is null) return null;
        var name = $"{GroupPrefix}{pid}";
        // Whatever holds the agent's processes together may have made one.
        var present = ControlGroup.Find(File.ReadAllText($"/proc/{pid}/cgroup"), File.ReadAllText("/proc/self/mountinfo"));
        return present is not null && present.Path.StartsWith(_own.Path + "/", StringComparison.Ordinal)
            ? new LimitGroup(present, isOwn: Path.GetFileName(present.Path) == name)
            : new LimitGroup(_own.Create(name), isOwn: true);
    }

    /// <summary>Removes the group of an agent that has ended; later, where a process of it is not reaped yet.</summary>
    internal void Remove(LimitGroup group)
    {
        lock (_gate)
        {
            _ended.Add(group);
            _ended.RemoveAll(ended => ended.TryRemove());
        }
    }

    /// <summary>A runtime that was killed leaves empty groups; those of agents that live on are not empty.</summary>
    private void RemoveLeftGroups()
    {
        if (_own is null) return;
        foreach (var left in Directory.GetDirectories(_own.Path, GroupPrefix + "*")) _ = new ControlGroup(left).TryRemove();
    }
}
