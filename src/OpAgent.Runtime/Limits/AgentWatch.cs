using OpAgent.Core.Bindings;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Limits;

/// <summary>Holds one live agent to its limits, and kills it where it goes over one. Disposed once the agent has ended.</summary>
internal sealed class AgentWatch : IDisposable
{
    // Who starts processes all the time must not keep this from ending.
    private const int MaxRounds = 100;

    private readonly AgentLimiter _limiter;
    private readonly ChildProcess _process;
    private readonly AgentProcesses _processes;
    private readonly OutputMeter _output;
    private readonly Lock _gate = new();
    private volatile ResolvedLimits _limits;
    private LimitGroup? _group;
    private LimitBreach? _breach;

    public AgentWatch(AgentLimiter limiter, ChildProcess process, OutputMeter output, ResolvedLimits limits)
    {
        _limiter = limiter;
        _process = process;
        _processes = new AgentProcesses(process.Pid);
        _output = output;
        _limits = new ResolvedLimits();
        TryApply(limits);
        process.StandardOutput.Received = Count;
        process.StandardError.Received = Count;
    }

    public int Pid => _process.Pid;

    /// <summary>The limit that the agent went over; null as long as it keeps them.</summary>
    public LimitBreach? Breach => Volatile.Read(ref _breach) ?? _group?.FindBreach(_limits);

    /// <summary>Holds the agent to other limits from now on.</summary>
    /// <returns>False where that takes a new process: nobody gets back the right to have more files open.</returns>
    public bool TryApply(ResolvedLimits limits)
    {
        if (_limits.OpenFiles is { } files && (limits.OpenFiles is null || limits.OpenFiles.Value > files.Value)) return false;
        _limits = limits;
        EnterGroup(limits);
        if (limits.OpenFiles is { } openFiles)
        {
            foreach (var pid in Update(ReadAll()).Select(status => status.Pid).Prepend(Pid)) ProcessUse.LimitOpenFiles(pid, openFiles.Value);
        }

        // The kernel tells of memory by itself.
        if (limits.Processes is not null || limits.OpenFiles is not null || (limits.Memory is not null && _group is null)) _limiter.Sampler.Add(this);
        else _limiter.Sampler.Remove(this);
        return true;
    }

    /// <summary>Compares what the agent uses up with what it may.</summary>
    public void Look(Lazy<IReadOnlyDictionary<int, ProcessStatus>> all)
    {
        var limits = _limits;
        IReadOnlyList<ProcessStatus> own = _group is null ? Update(all.Value) : [];
        var pids = _group?.ReadProcesses() ?? [.. own.Select(status => status.Pid)];
        var breach = Breach;
        if (limits.Processes is { } processes && pids.Count > processes.Value) breach ??= LimitBreach.OfProcesses(pids.Count, processes);
        // What is resident is quickly read; what several share is then counted once.
        if (limits.Memory is { } memory && own.Sum(status => status.ResidentBytes) > memory.Value && ProcessUse.MemoryOf(own) is var used && used > memory.Value)
            breach ??= LimitBreach.OfMemory(used, memory);
        if (limits.OpenFiles is { } files && pids.FirstOrDefault(pid => ProcessUse.OpenFilesOf(pid) >= files.Value) is > 0 and var full)
            breach ??= LimitBreach.OfOpenFiles(full, files);
        if (breach is not null) Exceed(breach);
    }

    public void Dispose()
    {
        _limiter.Sampler.Remove(this);
        if (_group is { } group) _limiter.Remove(group);
    }

    internal static IReadOnlyDictionary<int, ProcessStatus> ReadAll() => ProcessStatus.ReadAll().ToDictionary(status => status.Pid);

    private void Count(int bytes)
    {
        if (_limits.Output is { } limit && _output.Add(bytes) is var sum && sum > limit.Value * OutputMeter.Window.TotalSeconds) Exceed(LimitBreach.OfOutput(sum, limit));
    }

    private void Exceed(LimitBreach breach)
    {
        if (Interlocked.CompareExchange(ref _breach, breach, null) is not null) return;
        LimitsLog.Exceeded(_limiter.Logger, Pid, breach.Text);
        _process.Tree.Kill();
    }

    private void EnterGroup(ResolvedLimits limits)
    {
        if (_group is null && limits is { Memory: null, Processes: null }) return;
        try
        {
            _group ??= _limiter.TryFindGroup(Pid);
            if (_group is not { } group) return;
            group.Set(limits);
            // What a process has started already does not move with it.
            for (var round = 0; round < MaxRounds && Update(ReadAll()).Select(status => status.Pid).Except(group.ReadProcesses()).ToList() is { Count: > 0 } outside; round++)
                outside.ForEach(group.Add);
        }
        catch (IOException error)
        {
            LimitsLog.NoGroup(_limiter.Logger, Pid, error.Message);
            if (_group is { } left) _limiter.Remove(left);
            _group = null;
        }
    }

    private IReadOnlyList<ProcessStatus> Update(IReadOnlyDictionary<int, ProcessStatus> all)
    {
        lock (_gate) return _processes.Update(all);
    }
}
