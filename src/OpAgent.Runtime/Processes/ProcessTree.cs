using OpAgent.Runtime.Posix;

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

    /// <summary>What the next program needs to go on with it.</summary>
    public abstract TreeHandover HandOver();

    /// <summary>Goes on with the tree of a process that the program before this one has started.</summary>
    public static ProcessTree Restore(int spawned, TreeHandover tree)
    {
        if (tree.Init is { } init)
        {
            var handle = PidFd.Open(init);
            if (ProcessStatus.Read(init)?.StartTicks == tree.InitTicks) return new NamespaceTree(spawned, init, handle, tree.Leader);
            // The namespace has ended meanwhile, and nothing of it is left.
            handle?.Dispose();
            return new NamespaceTree(spawned, init, handle: null, tree.Leader);
        }

        var descendants = new DescendantTree(tree.Leader, tree.Mark ?? "");
        return tree.Group is { } group ? new GroupTree(new ControlGroup(group), descendants) : descendants;
    }

    /// <summary>Lets go of what the tree was held by, once it is gone.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Processes that only hold the leader; nobody asked for them.</summary>
    public virtual IReadOnlyList<int> Scaffold => [];

    /// <summary>How the leader ended, from how the process ended that was spawned for it.</summary>
    public virtual ProcessExit Translate(ProcessExit exit) => exit;
}

/// <summary>A tree as one program hands it over to the next.</summary>
/// <param name="Init">The first process of its namespace, with the time of its start.</param>
/// <param name="Group">The directory of its control group.</param>
/// <param name="Mark">The variable by which its orphans are known.</param>
internal sealed record TreeHandover(int Leader, int? Init = null, long InitTicks = 0, string? Group = null, string? Mark = null);
