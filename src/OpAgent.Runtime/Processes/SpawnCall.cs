using System.Runtime.InteropServices;

namespace OpAgent.Runtime.Processes;

/// <summary>One <c>posix_spawn</c>: own session unless said otherwise, default signal dispositions, the three standard descriptors, and nothing else inherited.</summary>
internal static unsafe partial class SpawnCall
{
    private const short SetSignalDefaults = 0x04, SetSignalMask = 0x08, SetSession = 0x80;

    // glibc's types are 80 and 336 bytes, musl's are smaller; the rest is room to spare.
    private const int OpaqueBytes = 1024;

    /// <param name="inherited">Descriptors that the process has under the same numbers.</param>
    /// <returns>The new process's id, which is also that of its new session and process group.</returns>
    /// <exception cref="Posix.PosixException">The program could not be started.</exception>
    public static int Spawn(string program, IReadOnlyList<string> arguments, IEnumerable<string> environment, string? directory, int stdin, int stdout, int stderr,
        bool newSession = true, params ReadOnlySpan<int> inherited)
    {
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[128];
        Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        var argv = new StringVector([program, .. arguments]);
        var envp = new StringVector(environment);
        try
        {
            if (directory is not null) Check(posix_spawn_file_actions_addchdir_np(actions, directory), "posix_spawn_file_actions_addchdir_np");
            Check(posix_spawn_file_actions_adddup2(actions, stdin, 0), "posix_spawn_file_actions_adddup2");
            Check(posix_spawn_file_actions_adddup2(actions, stdout, 1), "posix_spawn_file_actions_adddup2");
            Check(posix_spawn_file_actions_adddup2(actions, stderr, 2), "posix_spawn_file_actions_adddup2");
            // To its own number: that takes close-on-exec away in the new process and nowhere else.
            foreach (var descriptor in inherited) Check(posix_spawn_file_actions_adddup2(actions, descriptor, descriptor), "posix_spawn_file_actions_adddup2");
            new Span<byte>(signals, 128).Clear();
            Check(posix_spawnattr_setsigmask(attributes, signals), "posix_spawnattr_setsigmask");
            // .NET ignores SIGPIPE, and a child would inherit that.
            new Span<byte>(signals, 128).Fill(0xFF);
            Check(posix_spawnattr_setsigdefault(attributes, signals), "posix_spawnattr_setsigdefault");
            Check(posix_spawnattr_setflags(attributes, (short)(SetSignalDefaults | SetSignalMask | (newSession ? SetSession : 0))), "posix_spawnattr_setflags");
            int pid;
            Check(posix_spawn(&pid, program, actions, attributes, argv.Pointer, envp.Pointer), $"cannot start {program}");
            return pid;
        }
        finally
        {
            argv.Free();
            envp.Free();
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    private static void Check(int error, string call)
    {
        if (error != 0) throw new Posix.PosixException(call, error);
    }

    /// <summary>A null-terminated array of C strings.</summary>
    private readonly struct StringVector
    {
        public StringVector(IEnumerable<string> strings)
        {
            var items = strings.ToArray();
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(items.Length + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < items.Length; i++) Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(items[i]);
        }

        public byte** Pointer { get; }

        public void Free()
        {
            for (var item = Pointer; *item != null; item++) Marshal.FreeCoTaskMem((nint)(*item));
            NativeMemory.Free(Pointer);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(int* pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int target);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);
}
