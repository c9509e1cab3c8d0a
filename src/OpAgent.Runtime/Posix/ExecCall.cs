using System.Runtime.InteropServices;

namespace OpAgent.Runtime.Posix;

/// <summary>One <c>execv</c>: another program in the same process, with the same environment and chosen descriptors.</summary>
internal static unsafe partial class ExecCall
{
    private const int F_SETFD = 2, FD_CLOEXEC = 1;

    /// <param name="kept">What stays open beside the three standard descriptors.</param>
    /// <returns>Why it failed; where it succeeds, this does not return.</returns>
    public static PosixException Replace(string program, IReadOnlyList<string> arguments, IReadOnlyList<int> kept)
    {
        string[] all = [program, .. arguments];
        var argv = (byte**)NativeMemory.AllocZeroed((nuint)(all.Length + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < all.Length; i++) argv[i] = (byte*)Marshal.StringToCoTaskMemUTF8(all[i]);
        try
        {
            _ = LibC.close_range(3, uint.MaxValue, LibC.CLOSE_RANGE_CLOEXEC);
            foreach (var descriptor in kept)
            {
                // One that was closed this very moment: the process that it belonged to is being ended.
                if (fcntl(descriptor, F_SETFD, 0) != 0) return PosixException.Last($"descriptor {descriptor}");
            }

            _ = execv(argv[0], argv);
            return PosixException.Last($"cannot execute {program}");
        }
        finally
        {
            foreach (var descriptor in kept) _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC);
            for (var i = 0; i < all.Length; i++) Marshal.FreeCoTaskMem((nint)argv[i]);
            NativeMemory.Free(argv);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int execv(byte* path, byte** argv);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, int argument);
}
