using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// Starts every process from one permanent thread and reaps every child from another.
/// The spawning thread must never end: a child's parent-death signal fires when the <em>thread</em> that spawned it ends.
/// In the daemon it is the program's first thread, because that is the one that is left when the program is replaced by another.
/// The process is a subreaper, so orphans of an agent become children here and are reaped too. Nothing else in the program may wait for children.
/// </summary>
internal sealed unsafe partial class ProcessSupervisor : IDisposable
{
    private const int PrSetChildSubreaper = 36;
    private const int RLimitCore = 4;

    private static readonly string? SetPriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    private readonly BlockingCollection<Action> _requests = new(boundedCapacity: 1024);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ChildProcess> _children = [];
    private readonly SemaphoreSlim _mayHaveChildren = new(0);
    private readonly PipeReactor _reactor = new();
    private volatile bool _disposed;

    /// <param name="ownThread">False where the caller's thread is the one that spawns, by <see cref="SpawnLoop"/>.</param>
    /// <param name="held">Nothing is reaped before <see cref="Release"/>.</param>
    public ProcessSupervisor(bool ownThread = true, bool held = false)
    {
        if (held) _mayReap.Reset();
        _ = LibC.prctl(PrSetChildSubreaper, 1, 0, 0, 0);
        if (ownThread) new Thread(SpawnLoop) { IsBackground = true, Name = "spawner" }.Start();
        new Thread(ReapLoop) { IsBackground = true, Name = "reaper" }.Start();
    }

    /// <summary>Starts a process in its own session and process group. The caller disposes it.</summary>
    /// <exception cref="PosixException">The program cannot be started.</exception>
    public Task<ChildProcess> StartAsync(ProcessSpec spec) => OnSpawnerAsync(() => Spawn(spec));

    /// <summary>Starts processes for as long as the supervisor lives.</summary>
    public void SpawnLoop()
    {
        foreach (var request in _requests.GetConsumingEnumerable()) request();
    }

    /// <summary>Signals a live child, or its whole process group. Never reaches a process that has its number but is another.</summary>
    internal bool Signal(ChildProcess child, int signal, bool group)
    {
        lock (_gate)
        {
            // A group outlives its leader, whose number is not given out again while the group exists.
            if (!group && !_children.ContainsKey(child.Pid)) return false;
            return LibC.kill(group ? -child.Pid : child.Pid, signal) == 0;
        }
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
            : (SetPriv, ["--pdeathsig", "KILL", "--", spec.Program, .. spec.Arguments]);
        using var stdin = Pipe.Create();
        using var stdout = Pipe.Create();
        using var stderr = Pipe.Create();
        lock (_gate)
        {
            var pid = SpawnCall.Spawn(program, arguments, spec.Environment.Select(pair => $"{pair.Key}={pair.Value}"), spec.Directory,
                stdin.ReadEnd, stdout.WriteEnd, stderr.WriteEnd);
            var none = default(LibC.RLimit);
            _ = LibC.prlimit64(pid, RLimitCore, &none, null);
            var child = new ChildProcess(this, pid,
                new PipeStream(_reactor, stdin.TakeWriteEnd()), new PipeStream(_reactor, stdout.TakeReadEnd()), new PipeStream(_reactor, stderr.TakeReadEnd()));
            _children.Add(pid, child);
            _mayHaveChildren.Release();
            return child;
        }
    }

    private void ReapLoop()
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

    /// <summary>Both ends of a pipe, closed on exec; an end that was taken belongs to the taker.</summary>
    private sealed class Pipe : IDisposable
    {
        private Pipe(int readEnd, int writeEnd) => (ReadEnd, WriteEnd) = (readEnd, writeEnd);

        public int ReadEnd { get; private set; }

        public int WriteEnd { get; private set; }

        public static Pipe Create()
        {
            var ends = stackalloc int[2];
            return LibC.pipe2(ends, LibC.O_CLOEXEC) == 0 ? new Pipe(ends[0], ends[1]) : throw PosixException.Last("pipe2");
        }

        public SafeFileHandle TakeReadEnd()
        {
            var handle = new SafeFileHandle(ReadEnd, ownsHandle: true);
            ReadEnd = -1;
            return handle;
        }

        public SafeFileHandle TakeWriteEnd()
        {
            var handle = new SafeFileHandle(WriteEnd, ownsHandle: true);
            WriteEnd = -1;
            return handle;
        }

        public void Dispose()
        {
            if (ReadEnd >= 0) _ = LibC.close(ReadEnd);
            if (WriteEnd >= 0) _ = LibC.close(WriteEnd);
        }
    }
}
