using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// A running process with its three pipes. Disposing it ends the process and everything it started: end of stdin, then SIGTERM to its group, then SIGKILL
/// to all of it, each after a bounded wait.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly ProcessSupervisor _supervisor;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ProcessExit>? _stop;

    public ChildProcess(ProcessSupervisor supervisor, int pid, ProcessTree tree, PipeStream stdin, PipeStream stdout, PipeStream stderr)
    {
        _supervisor = supervisor;
        SpawnedPid = pid;
        Tree = tree;
        StandardInput = stdin;
        StandardOutput = stdout;
        StandardError = stderr;
    }

    /// <summary>The process's id as the machine sees it.</summary>
    public int Pid => Tree.Leader;

    /// <summary>The runtime's own child: the process, or bubblewrap around it.</summary>
    public int SpawnedPid { get; }

    /// <summary>The process with everything it started.</summary>
    public ProcessTree Tree { get; internal set; }

    public PipeStream StandardInput { get; }

    public PipeStream StandardOutput { get; }

    public PipeStream StandardError { get; }

    /// <summary>Completes when the process itself has ended; what it started may live on and hold its pipes.</summary>
    public Task<ProcessExit> Exited => field ??= TranslateAsync();

    /// <summary>How long each step of ending waits.</summary>
    public static TimeSpan StdinGrace { get; } = TimeSpan.FromSeconds(2);

    public static TimeSpan TermGrace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Completes when the runtime's own child has ended.</summary>
    internal Task<ProcessExit> Spawned => _exited.Task;

    public void Signal(int signal) => _supervisor.Signal(this, Pid, signal);

    /// <summary>Ends the process and everything it started. Idempotent: every caller waits for the same end.</summary>
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

    private async Task<ProcessExit> TranslateAsync() => Tree.Translate(await _exited.Task.ConfigureAwait(false));

    private async Task<ProcessExit> StopOnceAsync()
    {
        StandardInput.Dispose();
        if (!await EndsWithinAsync(StdinGrace).ConfigureAwait(false))
        {
            Tree.Signal(LibC.SIGTERM);
            await EndsWithinAsync(TermGrace).ConfigureAwait(false);
        }

        // Also after a peaceful end: what it started is not left behind.
        Tree.Kill();
        // One that waits for a disk or a file server dies when that answers; nobody waits for it that long.
        var exit = await EndsWithinAsync(GoneLimit).ConfigureAwait(false) ? await Exited.ConfigureAwait(false) : new ProcessExit(null, LibC.SIGKILL);
        await WaitUntilGoneAsync().ConfigureAwait(false);
        Tree.Dispose();
        return exit;
    }

    private async Task WaitUntilGoneAsync()
    {
        using var limit = new CancellationTokenSource(GoneLimit);
        try
        {
            while (!Tree.IsGone) await Task.Delay(Pause, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
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
