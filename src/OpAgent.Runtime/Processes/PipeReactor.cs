using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// One thread that waits for all pipes with epoll. .NET reads pipes by blocking a pool thread each, which a few dozen agents would exhaust.
/// </summary>
internal sealed unsafe class PipeReactor : IDisposable
{
    private const int Add = 1, Delete = 2, Modify = 3;
    private const uint In = 0x1, Out = 0x4, OneShot = 0x40000000;
    private const int BatchSize = 64;

    // struct epoll_event is packed on x64 only: 12 bytes there, 16 elsewhere.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;

    private readonly SafeFileHandle _epoll;
    private readonly ConcurrentDictionary<long, PipeStream> _pipes = new();
    private long _lastId;
    private volatile bool _disposed;

    public PipeReactor()
    {
        var fd = LibC.epoll_create1(LibC.O_CLOEXEC);
        if (fd < 0) throw PosixException.Last("epoll_create1");
        _epoll = new SafeFileHandle(fd, ownsHandle: true);
        new Thread(Loop) { IsBackground = true, Name = "pipes" }.Start();
    }

    public long Register(PipeStream pipe)
    {
        var id = Interlocked.Increment(ref _lastId);
        _pipes[id] = pipe;
        // Disarmed: an error or a hang-up would be reported again and again otherwise.
        Control(Add, pipe.Handle, id, OneShot);
        return id;
    }

    /// <summary>Asks for one call of <see cref="PipeStream.OnReady"/> when the pipe can be read or written, or is at its end.</summary>
    public void Arm(PipeStream pipe, long id, bool write) => Control(Modify, pipe.Handle, id, (write ? Out : In) | OneShot);

    public void Unregister(PipeStream pipe, long id)
    {
        _pipes.TryRemove(id, out _);
        Control(Delete, pipe.Handle, id, 0);
    }

    public void Dispose()
    {
        _disposed = true;
        _epoll.Dispose();
    }

    private void Control(int operation, SafeFileHandle pipe, long id, uint events)
    {
        var item = stackalloc byte[16];
        *(uint*)item = events;
        *(long*)(item + DataOffset) = id;
        if (LibC.epoll_ctl(_epoll, operation, pipe, item) != 0 && operation == Add) throw PosixException.Last("epoll_ctl");
    }

    private void Loop()
    {
        var events = stackalloc byte[BatchSize * 16];
        while (!_disposed)
        {
            int count;
            try
            {
                count = LibC.epoll_wait(_epoll, events, BatchSize, -1);
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            for (var i = 0; i < count; i++)
            {
                if (_pipes.TryGetValue(*(long*)(events + i * EventSize + DataOffset), out var pipe)) pipe.OnReady();
            }
        }
    }
}
