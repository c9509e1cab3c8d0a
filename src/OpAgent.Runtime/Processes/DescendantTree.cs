using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// A process and its descendants as <c>/proc</c> shows them: by parents, by POSIX session, and orphans, which became the runtime's children, by a mark in
/// their environment. One that detaches itself and clears its environment is not found; that takes a namespace or a control group.
/// </summary>
/// <param name="leader">The process; a child of the runtime.</param>
/// <param name="mark">A variable that nothing else has, as <c>NAME=value</c>; empty for none.</param>
internal sealed class DescendantTree(int leader, string mark) : ProcessTree
{
    private const int MaxRounds = 100;

    public override int Leader => leader;

    public override bool IsGone => !Find().Any();

    public override bool Signal(int signal) => LibC.kill(-leader, signal) == 0;

    public override void Kill()
    {
        // What is stopped starts nothing any more, so that the second look finds what the first one missed.
        var stopped = new HashSet<int>();
        for (var round = 0; round < MaxRounds; round++)
        {
            var found = Find().Where(stopped.Add).ToList();
            if (found.Count == 0) break;
            foreach (var pid in found) _ = LibC.kill(pid, LibC.SIGSTOP);
        }

        foreach (var pid in stopped) _ = LibC.kill(pid, LibC.SIGKILL);
        _ = LibC.kill(-leader, LibC.SIGKILL);
    }

    public override TreeHandover HandOver() => new(leader, Mark: mark);

    private IEnumerable<int> Find()
    {
        var all = ProcessStatus.ReadAll().Where(status => status.State != 'Z').ToDictionary(status => status.Pid);
        return all.Values.Where(status => Belongs(status, all)).Select(status => status.Pid);
    }

    private bool Belongs(ProcessStatus status, Dictionary<int, ProcessStatus> all)
    {
        for (var current = status; ;)
        {
            if (current.Pid == leader || current.Session == leader) return true;
            if (current.Parent == Environment.ProcessId) return mark.Length > 0 && ProcessStatus.HasVariable(current.Pid, mark);
            if (!all.TryGetValue(current.Parent, out current!)) return false;
        }
    }
}
