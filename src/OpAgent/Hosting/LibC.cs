using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OpAgent.Hosting;

/// <summary>What .NET has no name for.</summary>
internal static partial class LibC
{
    public const int SigTerm = 15;

    private const int WriteAppend = 0x1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    private const int OwnerOnly = 0x180;                // 0600
    private const int WriteAccess = 2;                  // W_OK
    private const int WorkingDirectory = -100;          // AT_FDCWD
    private const int UserWanted = 0x8;                 // STATX_UID
    private const int StatusBytes = 256, UserOffset = 20;
    private const int ClockStateBytes = 256, ClockNotKept = 5; // struct timex and room to spare; TIME_ERROR

    /// <summary>Leaves the terminal: a session of its own, no input, output to a file.</summary>
    public static void Detach(string log)
    {
        // A process that leads its group keeps its session; one that was started by another program does not lead.
        _ = SetSession();
        Redirect("/dev/null", 0, 0);
        Redirect(log, WriteAppend, 1);
        Redirect(log, WriteAppend, 2);
    }

    /// <exception cref="Win32Exception">There is no such process, or it is another user's.</exception>
    public static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>The path without symbolic links, or null where nothing is there.</summary>
    public static string? RealPath(string path)
    {
        var resolved = RealPath(path, 0);
        if (resolved == 0) return null;
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            Free(resolved);
        }
    }

    /// <summary>The id of the user who runs this program.</summary>
    [LibraryImport("libc", EntryPoint = "getuid")]
    public static partial int User();

    /// <summary>The id of the user whom a file or directory belongs to.</summary>
    public static unsafe int Owner(string path)
    {
        var status = stackalloc byte[StatusBytes];
        if (Status(WorkingDirectory, path, 0, UserWanted, status) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), path);
        return *(int*)(status + UserOffset);
    }

    /// <summary>Whether this user may write there: by its mode, and by how its file system is mounted.</summary>
    public static bool MayWrite(string path) => Access(path, WriteAccess) == 0;

    /// <summary>Whether the kernel has been told that a time service keeps the clock.</summary>
    public static unsafe bool ClockIsKept()
    {
        var state = stackalloc byte[ClockStateBytes];
        new Span<byte>(state, ClockStateBytes).Clear();
        return AdjustClock(state) is >= 0 and not ClockNotKept;
    }

    private static void Redirect(string path, int flags, int descriptor)
    {
        var opened = Open(path, flags, OwnerOnly);
        if (opened < 0 || Duplicate(opened, descriptor) < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), path);
        if (opened != descriptor) _ = Close(opened);
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int directory, string path, int flags, int wanted, byte* status);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static unsafe partial int AdjustClock(byte* state);
}
