namespace OpAgent.Runtime.Processes;

internal sealed partial class ChildProcess
{
    /// <summary>True once it has ended or is being ended.</summary>
    public bool IsEnding
    {
        get
        {
            lock (_exited) return _stop is not null || Exited.IsCompleted;
        }
    }

    public ChildHandover HandOver() => new(
        SpawnedPid, ProcessStatus.Read(SpawnedPid)?.StartTicks ?? 0, Tree.HandOver(),
        (int)StandardInput.Handle.DangerousGetHandle(), (int)StandardOutput.Handle.DangerousGetHandle(), (int)StandardError.Handle.DangerousGetHandle());
}
