using System.Runtime.InteropServices;

namespace OpAgent.Runtime.Posix;

/// <summary>A system call failed. Nothing else is known to have changed.</summary>
internal sealed class PosixException(string call, int errno) : IOException($"{call}: {Marshal.GetPInvokeErrorMessage(errno)}")
{
    public int Errno { get; } = errno;

    public static PosixException Last(string call) => new(call, Marshal.GetLastPInvokeError());
}
