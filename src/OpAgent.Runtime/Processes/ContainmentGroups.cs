using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Processes;

/// <summary>Control groups that hold together what a process starts, where it gets no namespace of its own.</summary>
internal sealed class ContainmentGroups(RuntimeHome home)
{
    private readonly ControlGroup? _own = ControlGroup.FindOwn() is { CanKill: true } own ? own : null;

    /// <summary>Whether there are any to be had.</summary>
    public bool Exist => _own is not null;

    private string Prefix => $"opagent-{home.MachineId}-";

    /// <summary>Puts a process that has just been spawned, and has started nothing yet, into a group of its own; null where there is none to be had.</summary>
    public ControlGroup? TryEnter(int pid)
    {
        if (_own is null) return null;
        try
        {
            var group = _own.Create($"{Prefix}{pid}");
            group.Add(pid);
            return group;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Ends what a runtime of the same home has left behind when it was killed.</summary>
    public void EndLeft()
    {
        foreach (var directory in _own is null ? [] : Directory.GetDirectories(_own.Path, $"{Prefix}*"))
        {
            var left = new ControlGroup(directory);
            left.TryKill();
            left.TryRemove();
        }

        // Without groups they are known by their home.
        foreach (var status in ProcessStatus.ReadAll().Where(status => ProcessStatus.HasVariable(status.Pid, $"HOME={home.Homes}/", isWhole: false)))
            _ = Posix.LibC.kill(status.Pid, Posix.LibC.SIGKILL);
    }
}
