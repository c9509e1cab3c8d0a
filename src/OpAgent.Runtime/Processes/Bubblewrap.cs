using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Processes;

/// <summary>The command line of bubblewrap, bwrap(1), which gives a process namespaces of its own, also without privileges.</summary>
internal static class Bubblewrap
{
    private const int SharedMemoryBytes = 256 * 1024 * 1024;

    /// <summary>The program; null where it is not installed, which may change at any time. The system's own before others.</summary>
    public static string? FindProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries).Prepend("/usr/bin").Where(Path.IsPathFullyQualified)
        .Select(directory => Path.Combine(directory, "bwrap")).FirstOrDefault(File.Exists);

    /// <param name="report">Gets the id of the namespace's first process as JSON.</param>
    /// <param name="go">The program starts once something can be read from here.</param>
    public static IReadOnlyList<string> Arguments(ProcessSpec spec, Isolation isolation, int report, int go)
    {
        List<string> arguments =
        [
            "--unshare-pid", "--unshare-ipc", "--unshare-cgroup-try", "--new-session", "--die-with-parent",
            // Only matters for root, who would keep all of them. No new privileges holds for everybody.
            "--cap-drop", "ALL",
            "--info-fd", $"{report}", "--block-fd", $"{go}",
        ];
        if (!isolation.Network) arguments.Add("--unshare-net");
        foreach (var entry in isolation.Files.Entries)
        {
            arguments.AddRange(Mount(entry));
            if (entry.Path == "/") arguments.AddRange(SystemMounts);
        }

        arguments.AddRange(["--chdir", spec.Directory, "--", spec.Program]);
        arguments.AddRange(spec.Arguments);
        return arguments;
    }

    /// <summary>The descriptors that the command line names; they are to be inherited.</summary>
    public static IEnumerable<SafeFileHandle> Descriptors(Isolation isolation) => isolation.Files.Entries.Select(entry => entry.Held).OfType<SafeFileHandle>();

    // Through /sys and /proc/sys root changes the kernel's settings also without capabilities, for example the program that takes core dumps.
    private static string[] SystemMounts { get; } =
    [
        "--dev", "/dev", "--size", $"{SharedMemoryBytes}", "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--ro-bind-try", "/proc/sysrq-trigger", "/proc/sysrq-trigger",
        "--ro-bind", "/sys", "/sys",
    ];

    private static string[] Mount(ViewEntry entry) => entry switch
    {
        // Room for nothing but places to mount what is shown in it.
        { Visibility: Visibility.Hidden } when Directory.Exists(entry.Path) => ["--size", "4096", "--tmpfs", entry.Path],
        { Visibility: Visibility.Hidden } => ["--ro-bind", "/dev/null", entry.Path],
        { Held: { } held } => [entry.Visibility == Visibility.Writable ? "--bind-fd" : "--ro-bind-fd", $"{held.DangerousGetHandle()}", entry.Path],
        _ => [entry.Visibility == Visibility.Writable ? "--bind" : "--ro-bind", entry.Source ?? entry.Path, entry.Path],
    };
}
