using System.Text;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>The runtime's own directory, mode 0700: socket, journals, packages, agents' homes.</summary>
internal sealed class RuntimeHome
{
    private const int MaxSocketPath = 107;

    private RuntimeHome(string path, Disk disk) => (Path, Disk) = (path, disk);

    public string Path { get; }

    /// <summary>What is written through, here and in the workspaces.</summary>
    public Disk Disk { get; }

    /// <summary>The directories that no workspace may reach: this one, and that of the host which started the runtime.</summary>
    public IReadOnlyList<string> Own => Environment.GetEnvironmentVariable("OPAGENT_HOST_DATA") is { Length: > 0 } data ? [Path, data] : [Path];

    public string Socket => System.IO.Path.Combine(Path, "runtime.sock");

    public string Log => System.IO.Path.Combine(Path, "runtime.log");

    public string Sessions => System.IO.Path.Combine(Path, "sessions");

    public string Packages => System.IO.Path.Combine(Path, "packages");

    public string Homes => System.IO.Path.Combine(Path, "homes");

    /// <summary>One empty file for each conversation that has something to recover after a crash.</summary>
    public string Live => System.IO.Path.Combine(Path, "live");

    public string WorkspacesFile => System.IO.Path.Combine(Path, "workspaces.json");

    /// <summary>Generated on the first start; what machines are known by, whatever they are called.</summary>
    public string MachineId { get; private set; } = "";

    /// <summary>Where the environment says, or the default place.</summary>
    public static string DefaultPath()
    {
        if (Environment.GetEnvironmentVariable("OPAGENT_RUNTIME_HOME") is { Length: > 0 } named) return System.IO.Path.GetFullPath(named);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // A home directory on NFS is shared by machines, and each needs a runtime of its own.
        var machine = File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : Environment.MachineName;
        return System.IO.Path.Combine(home, ".local", "state", "opagent", machine);
    }

    /// <summary>Creates what is missing and checks that the directory is ours alone.</summary>
    /// <exception cref="IOException">The home cannot be used; the message says why and what to do.</exception>
    public static RuntimeHome Open(string path, Disk? disk = null)
    {
        var home = new RuntimeHome(path, disk ?? Disk.Real);
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        try
        {
            Directory.CreateDirectory(path, ownerOnly);
            if ((File.GetUnixFileMode(path) & ~ownerOnly) != 0) File.SetUnixFileMode(path, ownerOnly);
            foreach (var part in new[] { home.Sessions, home.Packages, home.Homes, home.Live }) Directory.CreateDirectory(part, ownerOnly);
            home.MachineId = ReadOrCreateMachineId(home.Disk, System.IO.Path.Combine(path, "machine-id"));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"The runtime home {path} cannot be used: {error.Message} It must belong to the user who runs opagent-runtime; set OPAGENT_RUNTIME_HOME to another directory.", error);
        }

        return home;
    }

    /// <summary>Takes the lock that keeps two runtimes from sharing a home; null when another holds it. Held until disposed.</summary>
    public SafeFileHandle? TryLock()
    {
        var fd = LibC.open(System.IO.Path.Combine(Path, "runtime.lock"), LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180);
        if (fd < 0) throw PosixException.Last($"cannot open the lock of {Path}");
        var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (LibC.flock(handle, LibC.LOCK_EX | LibC.LOCK_NB) == 0) return handle;
        handle.Dispose();
        return null;
    }

    /// <summary>A path for <see cref="Socket"/> that fits into <c>sun_path</c>: through a descriptor of the directory where the real one is too long.</summary>
    public static string ShortSocketPath(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) <= MaxSocketPath) return path;
        var fd = LibC.open(System.IO.Path.GetDirectoryName(path)!, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        return fd < 0 ? throw PosixException.Last($"cannot open the directory of {path}") : $"/proc/self/fd/{fd}/{System.IO.Path.GetFileName(path)}";
    }

    private static string ReadOrCreateMachineId(Disk disk, string file)
    {
        if (File.Exists(file) && Guid.TryParse(File.ReadAllText(file), out var id)) return id.ToString();
        var created = Guid.CreateVersion7().ToString();
        AtomicFile.Write(disk, file, Encoding.UTF8.GetBytes(created + "\n"));
        return created;
    }
}
