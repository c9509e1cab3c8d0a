using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Posix;

/// <summary>A process by descriptor instead of by number, which another process may have by now (pidfd_open(2), Linux 5.3).</summary>
internal static unsafe class PidFd
{
    private const nint PidFdOpen = 434, PidFdSendSignal = 424;

    /// <returns>Null where there is no such process.</returns>
    public static SafeFileHandle? Open(int pid)
    {
        var fd = LibC.syscall(PidFdOpen, pid, 0, 0, 0);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>False where it has ended, or the descriptor was disposed.</summary>
    public static bool Signal(SafeFileHandle process, int signal) => With(process, fd => LibC.syscall(PidFdSendSignal, fd, signal, 0, 0) == 0, gone: false);

    /// <summary>True once it has ended, also where its parent has not taken notice yet, and where the descriptor was disposed.</summary>
    public static bool HasEnded(SafeFileHandle process)
    {
        return With(process, fd =>
        {
            var poll = new LibC.PollFd { Descriptor = fd, Events = LibC.POLLIN };
            return LibC.poll(&poll, 1, 0) > 0;
        }, gone: true);
    }

    // Held while it is used: a number that was given back may be another process's descriptor by then.
    private static bool With(SafeFileHandle process, Func<int, bool> use, bool gone)
    {
        var isHeld = false;
        try
        {
            process.DangerousAddRef(ref isHeld);
            return use((int)process.DangerousGetHandle());
        }
        catch (ObjectDisposedException)
        {
            return gone;
        }
        finally
        {
            if (isHeld) process.DangerousRelease();
        }
    }
}
