using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>The processes of a PID namespace. Their first one is bubblewrap's; when it ends, the kernel ends all others.</summary>
/// <param name="spawned">Bubblewrap's outer process, a child of the runtime.</param>
/// <param name="init">The namespace's first process, as the machine sees it: it leads the session and the process group that the agent is in.</param>
/// <param name="handle">Its descriptor (pidfd_open(2)), so that no other process with its number is meant; null where it has ended. Owned.</param>
/// <param name="leader">The program itself, as the machine sees it.</param>
internal sealed class NamespaceTree(int spawned, int init, SafeFileHandle? handle, int leader) : ProcessTree
{
    private const int SignalOffset = 128, LastSignal = 64;

    public override int Leader => leader;

    public override IReadOnlyList<int> Scaffold { get; } = [spawned, init];

    public override bool IsGone => handle is null || PidFd.HasEnded(handle);

    public override bool Signal(int signal) => !IsGone && LibC.kill(-init, signal) == 0;

    public override void Kill()
    {
        if (handle is not null) PidFd.Signal(handle, LibC.SIGKILL);
    }

    public override TreeHandover HandOver() => new(leader, init, ProcessStatus.Read(init)?.StartTicks ?? 0);

    public override void Dispose() => handle?.Dispose();

    /// <summary>Bubblewrap tells a death by signal n as exit code 128+n, as shells do.</summary>
    public override ProcessExit Translate(ProcessExit exit) =>
        exit.Code is > SignalOffset and <= SignalOffset + LastSignal ? new ProcessExit(null, exit.Code - SignalOffset) : exit;
}
