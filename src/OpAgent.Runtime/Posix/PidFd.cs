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

    public static bool Signal(SafeFileHandle process, int signal) => LibC.syscall(PidFdSendSignal, process.DangerousGetHandle(), signal, 0, 0) == 0;

    /// <summary>True once it has ended, also where its parent has not taken notice yet.</summary>
    public static bool HasEnded(SafeFileHandle process)
    {
        var poll = new LibC.PollFd { Descriptor = (int)process.DangerousGetHandle(), Events = LibC.POLLIN };
        return LibC.poll(&poll, 1, 0) > 0;
    }
}
