using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Limits;

/// <summary>
/// Which processes are an agent's: those that descend from it, those of its POSIX session, and those that were its own when they were looked at before, also
/// when they have lost their parent.
/// </summary>
/// <param name="leader">The agent's own process.</param>
internal sealed class AgentProcesses(int leader)
{
    // Ids are given out again; with the time of its start an id names one process.
    private HashSet<(int Pid, long Start)> _known = [];

    /// <summary>Its live processes among all that there are, itself included.</summary>
    public IReadOnlyList<ProcessStatus> Update(IReadOnlyDictionary<int, ProcessStatus> all)
    {
        var holders = FindHolders(all);
        var root = holders.Count > 0 ? holders[^1] : leader;
        var found = new Dictionary<int, bool>();
        var own = all.Values.Where(status => status.State is not ('Z' or 'X') && !holders.Contains(status.Pid) && Belongs(status, root, all, found)).ToList();
        _known = [.. own.Select(status => (status.Pid, status.StartTicks))];
        return own;
    }

    /// <summary>What stands between the runtime and the agent, from the inside to the outside: the parts of a sandbox, to which its orphans go.</summary>
    private List<int> FindHolders(IReadOnlyDictionary<int, ProcessStatus> all)
    {
        var holders = new List<int>();
        for (var pid = leader; all.TryGetValue(pid, out var status) && status.Parent != Environment.ProcessId; pid = status.Parent)
        {
            // Without the runtime above it, it is not known what holds it.
            if (status.Parent <= 1 || holders.Count > all.Count) return [];
            holders.Add(status.Parent);
        }

        return holders;
    }

    private bool Belongs(ProcessStatus status, int root, IReadOnlyDictionary<int, ProcessStatus> all, Dictionary<int, bool> found)
    {
        if (found.TryGetValue(status.Pid, out var known)) return known;
        // Against a circle, which a list that is not read at one moment can hold.
        found[status.Pid] = false;
        return found[status.Pid] = status.Pid == root || status.Pid == leader || status.Session == leader || _known.Contains((status.Pid, status.StartTicks))
            || (all.TryGetValue(status.Parent, out var parent) && Belongs(parent, root, all, found));
    }
}
