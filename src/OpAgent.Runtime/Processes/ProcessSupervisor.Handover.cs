using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

// Standing still while the program is replaced by another one, which goes on with the same children.
internal sealed partial class ProcessSupervisor
{
    private readonly ManualResetEventSlim _mayReap = new(initialState: true);

    /// <summary>How many processes live, or have ended and are not reaped.</summary>
    public int Children
    {
        get
        {
            lock (_gate) return _children.Count;
        }
    }

    /// <summary>Reaps nothing from here on: a process that ends stays for whoever goes on with it.</summary>
    public void Hold()
    {
        lock (_gate) _mayReap.Reset();
    }

    /// <summary>Ends a hold.</summary>
    public void Release() => _mayReap.Set();

    /// <summary>Takes over a process that the program before this one has started. To be called while held, so that its end is not missed.</summary>
    /// <exception cref="IOException">It is not there any more.</exception>
    public ChildProcess Adopt(ChildHandover child)
    {
        if (ProcessStatus.Read(child.SpawnedPid) is not { } status || status.Parent != Environment.ProcessId || status.StartTicks != child.StartTicks)
            throw new IOException($"Process {child.SpawnedPid} was handed over and is no child of this one.");
        lock (_gate)
        {
            var adopted = new ChildProcess(this, child.SpawnedPid, ProcessTree.Restore(child.SpawnedPid, child.Tree), PipeOf(child.StandardInput), PipeOf(child.StandardOutput), PipeOf(child.StandardError));
            _children.Add(child.SpawnedPid, adopted);
            _mayHaveChildren.Release();
            return adopted;
        }
    }

    /// <summary>Ends a process with everything it has started that nobody goes on with, if it is a child of this program.</summary>
    public static void KillChild(ChildHandover child)
    {
        if (ProcessStatus.Read(child.SpawnedPid)?.Parent != Environment.ProcessId) return;
        using (var tree = ProcessTree.Restore(child.SpawnedPid, child.Tree)) tree.Kill();
        KillChild(child.SpawnedPid);
    }

    private static void KillChild(int pid)
    {
        if (ProcessStatus.Read(pid)?.Parent != Environment.ProcessId) return;
        _ = LibC.kill(-pid, LibC.SIGKILL);
        _ = LibC.kill(pid, LibC.SIGKILL);
    }

    /// <summary>Ends every child of this program and everything in their groups.</summary>
    public static void KillAllChildren()
    {
        foreach (var status in ProcessStatus.ReadAll().Where(status => status.Parent == Environment.ProcessId)) KillChild(status.Pid);
    }

    /// <summary>Replaces this program by another one in the same process, on the thread that the children's death signals hang on.</summary>
    /// <returns>Why it could not be replaced; everything is as it was.</returns>
    public Task<PosixException> ReplaceProgramAsync(string program, IReadOnlyList<string> arguments, IReadOnlyList<int> kept) =>
        OnSpawnerAsync(() => ExecCall.Replace(program, arguments, kept));

    private PipeStream PipeOf(int descriptor) => new(_reactor, new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true));
}
