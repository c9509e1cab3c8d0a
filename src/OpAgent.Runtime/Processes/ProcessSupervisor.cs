using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// Starts every process from one permanent thread and reaps every child from another.
/// The spawning thread must never end: a child's parent-death signal fires when the <em>thread</em> that spawned it ends.
/// In the daemon it is the program's first thread, because that is the one that is left when the program is replaced by another.
/// The process is a subreaper, so orphans of an agent become children here and are reaped too. Nothing else in the program may wait for children.
/// </summary>
internal sealed partial class ProcessSupervisor : IDisposable
{
    private const int PrSetChildSubreaper = 36;

    private static readonly string? SetPriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    private readonly BlockingCollection<Action> _requests = new(boundedCapacity: 1024);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ChildProcess> _children = [];
    private readonly SemaphoreSlim _mayHaveChildren = new(0);
    private readonly PipeReactor _reactor = new();
    private volatile bool _disposed;

    /// <param name="groups">Hold together what gets no namespace; null for none.</param>
    /// <param name="ownThread">False where the caller's thread is the one that spawns, by <see cref="SpawnLoop"/>.</param>
    /// <param name="held">Nothing is reaped before <see cref="Release"/>.</param>
    public ProcessSupervisor(ContainmentGroups? groups = null, bool ownThread = true, bool held = false)
    {
        Groups = groups;
        if (held) _mayReap.Reset();
        _ = LibC.prctl(PrSetChildSubreaper, 1, 0, 0, 0);
        if (ownThread) new Thread(SpawnLoop) { IsBackground = true, Name = "spawner" }.Start();
        new Thread(ReapLoop) { IsBackground = true, Name = "reaper" }.Start();
    }

    /// <summary>Starts a process in its own session and process group. The caller disposes it.</summary>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public async Task<ChildProcess> StartAsync(ProcessSpec spec)
    {
        if (spec.Isolation is not { } isolation) return await OnSpawnerAsync(() => Spawn(spec)).ConfigureAwait(false);
        var (child, start) = await OnSpawnerAsync(() => SpawnIsolated(spec, isolation)).ConfigureAwait(false);
        using (start)
        {
            try
            {
                child.Tree = await start.CompleteAsync(child).ConfigureAwait(false);
                return child;
            }
            catch (Exception error)
            {
                // At once: what waits for its sign to go on would go on when that is disposed.
                child.Tree.Kill();
                var said = new OutputTail();
                await said.CollectAsync(child.StandardError).ConfigureAwait(false);
                await child.DisposeAsync().ConfigureAwait(false);
                throw new IOException($"{error.Message}: {said}", error);
            }
        }
    }

    /// <summary>Starts processes for as long as the supervisor lives.</summary>
    public void SpawnLoop()
    {
        foreach (var request in _requests.GetConsumingEnumerable()) request();
    }

    /// <summary>Hold together what gets no namespace of its own; null for none.</summary>
    public ContainmentGroups? Groups { get; }

    /// <summary>Signals a live child. Never reaches a process that has its number but is another.</summary>
    internal bool Signal(ChildProcess child, int pid, int signal)
    {
        lock (_gate) return _children.ContainsKey(child.SpawnedPid) && LibC.kill(pid, signal) == 0;
    }

    public void Dispose()
    {
        _disposed = true;
        _requests.CompleteAdding();
        _mayHaveChildren.Release();
        _reactor.Dispose();
    }

    private Task<T> OnSpawnerAsync<T>(Func<T> start)
    {
        var started = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add(() =>
        {
            try
            {
                started.SetResult(start());
            }
            catch (Exception error) when (error is IOException or ArgumentException)
            {
                started.SetException(error);
            }
        });
        return started.Task;
    }

    private ChildProcess Spawn(ProcessSpec spec)
    {
        // setpriv arms the parent-death signal and then becomes the program: same process, a millisecond.
        var (program, arguments) = SetPriv is null
            ? (spec.Program, spec.Arguments)
            : (SetPriv, ["--no-new-privs", "--pdeathsig", "KILL", "--", spec.Program, .. spec.Arguments]);
        return Spawn(spec, program, arguments);
    }

    private (ChildProcess Child, NamespaceStart Start) SpawnIsolated(ProcessSpec spec, Isolation isolation)
    {
        using var report = Pipe.Create();
        using var go = Pipe.Create();
        var held = Bubblewrap.Descriptors(isolation).Select(handle => (int)handle.DangerousGetHandle());
        var child = Spawn(spec, Bubblewrap.FindProgram() ?? throw new IOException("bubblewrap is not installed"), Bubblewrap.Arguments(spec, isolation, report.WriteEnd, go.ReadEnd), [report.WriteEnd, go.ReadEnd, .. held]);
        return (child, new NamespaceStart(new PipeStream(_reactor, report.TakeReadEnd()), new PipeStream(_reactor, go.TakeWriteEnd())));
    }

    private ChildProcess Spawn(ProcessSpec spec, string program, IReadOnlyList<string> arguments, params ReadOnlySpan<int> inherited)
    {
        using var stdin = Pipe.Create();
        using var stdout = Pipe.Create();
        using var stderr = Pipe.Create();
        lock (_gate)
        {
            var pid = SpawnCall.Spawn(program, arguments, spec.Environment.Select(pair => $"{pair.Key}={pair.Value}"), spec.Directory,
                stdin.ReadEnd, stdout.WriteEnd, stderr.WriteEnd, inherited: inherited);
            var mark = spec.Mark is { } name ? $"{name}={spec.Environment[name]}" : "";
            var descendants = new DescendantTree(pid, mark);
            var group = spec.Isolation is null ? Groups?.TryEnter(pid) : null;
            var child = new ChildProcess(this, pid, group is null ? descendants : new GroupTree(group, descendants),
                new PipeStream(_reactor, stdin.TakeWriteEnd()), new PipeStream(_reactor, stdout.TakeReadEnd()), new PipeStream(_reactor, stderr.TakeReadEnd()));
            _children.Add(pid, child);
            _mayHaveChildren.Release();
            return child;
        }
    }

    private unsafe void ReapLoop()
    {
        while (!_disposed)
        {
            LibC.SigInfo info;
            // First look, then reap under the lock: a process number stays taken until it is reaped, so a signal cannot go astray.
            if (LibC.waitid(LibC.P_ALL, 0, &info, LibC.WEXITED | LibC.WNOWAIT) != 0)
            {
                if (Marshal.GetLastPInvokeError() == LibC.ECHILD) _mayHaveChildren.Wait();
                continue;
            }

            _mayReap.Wait();
            // What ends now is somebody else's.
            if (_disposed) return;
            ChildProcess? child;
            lock (_gate)
            {
                if (!_mayReap.IsSet) continue;
                _ = LibC.waitid(LibC.P_PID, info.Pid, &info, LibC.WEXITED);
                _children.Remove(info.Pid, out child);
            }

            child?.SetExited(info.Code == LibC.CLD_EXITED ? new ProcessExit(info.Status, null) : new ProcessExit(null, info.Status));
        }
    }
}
