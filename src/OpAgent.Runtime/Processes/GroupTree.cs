namespace OpAgent.Runtime.Processes;

/// <summary>The processes of a control group: whatever they do, they stay in it.</summary>
/// <param name="group">Made for this process; removed with it.</param>
/// <param name="descendants">The same processes as <c>/proc</c> shows them, for signals.</param>
internal sealed class GroupTree(ControlGroup group, DescendantTree descendants) : ProcessTree
{
    public override int Leader => descendants.Leader;

    public override bool IsGone => !group.IsPopulated;

    public override bool Signal(int signal) => descendants.Signal(signal);

    public override void Kill()
    {
        if (!group.TryKill()) descendants.Kill();
    }

    public override TreeHandover HandOver() => descendants.HandOver() with { Group = group.Path };

    public override void Dispose() => group.TryRemove();
}
