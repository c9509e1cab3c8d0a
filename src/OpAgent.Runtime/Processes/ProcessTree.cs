namespace OpAgent.Runtime.Processes;

/// <summary>A started process with everything that came from it, however that detached itself.</summary>
internal abstract class ProcessTree : IDisposable
{
    /// <summary>The id of the process that was asked for, as the machine sees it.</summary>
    public abstract int Leader { get; }

    /// <summary>Signals the leader's own process group; false where it is gone.</summary>
    public abstract bool Signal(int signal);

    /// <summary>Sends SIGKILL to everything.</summary>
    public abstract void Kill();

    /// <summary>True once nothing of it runs.</summary>
    public abstract bool IsGone { get; }

    /// <summary>Lets go of what the tree was held by, once it is gone.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Processes that only hold the leader; nobody asked for them.</summary>
    public virtual IReadOnlyList<int> Scaffold => [];

    /// <summary>How the leader ended, from how the process ended that was spawned for it.</summary>
    public virtual ProcessExit Translate(ProcessExit exit) => exit;
}
