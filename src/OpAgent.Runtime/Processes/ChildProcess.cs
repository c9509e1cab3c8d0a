using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// A running process with its three pipes. Disposing it ends the process: end of stdin, then SIGTERM to its group, then SIGKILL, each after a bounded wait.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly ProcessSupervisor _supervisor;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ProcessExit>? _stop;

    public ChildProcess(ProcessSupervisor supervisor, int pid, PipeStream stdin, PipeStream stdout, PipeStream stderr)
    {
        _supervisor = supervisor;
        Pid = pid;
        StandardInput = stdin;
        StandardOutput = stdout;
        StandardError = stderr;
    }

    /// <summary>The process's id, and its session's and process group's.</summary>
    public int Pid { get; }

    public PipeStream StandardInput { get; }

    public PipeStream StandardOutput { get; }

    public PipeStream StandardError { get; }

    /// <summary>Completes when the process itself has ended; what it started may live on and hold its pipes.</summary>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>How long each step of ending waits.</summary>
    public static TimeSpan StdinGrace { get; } = TimeSpan.FromSeconds(2);

    public static TimeSpan TermGrace { get; } = TimeSpan.FromSeconds(5);

    public void Signal(int signal) => _supervisor.Signal(this, signal, group: false);

    /// <summary>Ends the process and its group. Idempotent: every caller waits for the same end, and the group is signalled only once, while its number is surely its own.</summary>
    public Task<ProcessExit> StopAsync()
    {
        lock (_exited) return _stop ??= StopOnceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        StandardOutput.Dispose();
        StandardError.Dispose();
    }

    internal void SetExited(ProcessExit exit) => _exited.TrySetResult(exit);

    private async Task<ProcessExit> StopOnceAsync()
    {
        StandardInput.Dispose();
        if (!await EndsWithinAsync(StdinGrace).ConfigureAwait(false))
        {
            _supervisor.Signal(this, LibC.SIGTERM, group: true);
            await EndsWithinAsync(TermGrace).ConfigureAwait(false);
        }

        // Also after a peaceful end: children that share the group are not left behind.
        _supervisor.Signal(this, LibC.SIGKILL, group: true);
        return await Exited.ConfigureAwait(false);
    }

    private async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        try
        {
            await Exited.WaitAsync(time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
