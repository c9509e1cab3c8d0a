using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>Both ends of a pipe, closed on exec; an end that was taken belongs to the taker.</summary>
internal sealed class Pipe : IDisposable
{
    private Pipe(int readEnd, int writeEnd) => (ReadEnd, WriteEnd) = (readEnd, writeEnd);

    public int ReadEnd { get; private set; }

    public int WriteEnd { get; private set; }

    public static unsafe Pipe Create()
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
