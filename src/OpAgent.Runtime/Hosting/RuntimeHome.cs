using System.Text;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>The runtime's own directory, mode 0700: socket, journals, packages, agents' homes.</summary>
internal sealed class RuntimeHome
{
    private const int MaxSocketPath = 107;
    private const int ProbeBytes = 4096;

    private RuntimeHome(string path, Disk disk) => (Path, Disk) = (path, disk);

    public string Path { get; }

    /// <summary>What is written through, here and in the workspaces.</summary>
    public Disk Disk { get; }

    /// <summary>The directories that no workspace may reach: this one, and that of the host which started the runtime.</summary>
    public IReadOnlyList<string> Own => [Path, .. HostData.Select(Environment.GetEnvironmentVariable).OfType<string>().Where(data => data.Length > 0)];

    // The first is set by a host that starts the runtime, the second where the system starts both.
    private static string[] HostData { get; } = ["OPAGENT_HOST_DATA", "OPAGENT_DATA"];

    public string Socket => System.IO.Path.Combine(Path, "runtime.sock");

    /// <summary>Where sessions without a network reach the endpoint.</summary>
    public string EndpointSocket => System.IO.Path.Combine(Path, "endpoint.sock");

    public string Log => System.IO.Path.Combine(Path, "runtime.log");

    public string Sessions => System.IO.Path.Combine(Path, "sessions");

    public string Packages => System.IO.Path.Combine(Path, "packages");

    public string Homes => System.IO.Path.Combine(Path, "homes");

    /// <summary>One directory for the temporary files of each conversation's session.</summary>
    public string Temporary => System.IO.Path.Combine(Path, "tmp");

    /// <summary>One empty file for each conversation that has something to recover after a crash.</summary>
    public string Live => System.IO.Path.Combine(Path, "live");

    public string WorkspacesFile => System.IO.Path.Combine(Path, "workspaces.json");

    /// <summary>What this machine allows at most, above every workspace; a person may write it.</summary>
    public string Policy => System.IO.Path.Combine(Path, "policy.yaml");

    private string MachineFile => System.IO.Path.Combine(Path, "machine-id");

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

    /// <summary>Creates what is missing, after checking that the directory is ours alone and that a home can be there.</summary>
    /// <param name="path">The home, absolute.</param>
    /// <param name="fileSystemOf">Names the file system of a directory; by default as the kernel does.</param>
    /// <exception cref="IOException">The home cannot be used; the message says why and what to do.</exception>
    /// <param name="disk">What it is written through; by default the machine's.</param>
    public static RuntimeHome Open(string path, Func<string, string>? fileSystemOf = null, Disk? disk = null)
    {
        var home = new RuntimeHome(System.IO.Path.TrimEndingDirectorySeparator(path), disk ?? Disk.Real);
        HomeInspection.Check(home.Path, fileSystemOf ?? (directory => new DriveInfo(directory).DriveFormat));
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        string machine;
        try
        {
            Directory.CreateDirectory(home.Path, ownerOnly);
            // Mounts do not follow links on the way.
            home = new RuntimeHome(Sandboxes.HiddenPlaces.RealPath(home.Path) ?? home.Path, home.Disk);
            if ((File.GetUnixFileMode(home.Path) & ~ownerOnly) != 0) File.SetUnixFileMode(home.Path, ownerOnly);
            foreach (var part in new[] { home.Sessions, home.Packages, home.Homes, home.Temporary, home.Live }) Directory.CreateDirectory(part, ownerOnly);
            machine = ReadOrCreateMachineId(home.Disk, home.MachineFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw HomeRefusal.Because(home.Path, error);
        }

        // Never a new one in its place: that would be another machine to every host that knows this one.
        home.MachineId = Guid.TryParse(machine, out var id) ? id.ToString() : throw HomeRefusal.Because(home.Path, $"{home.MachineFile} holds no machine id", "Restore it, or move it away to have a new machine here");
        return home;
    }

    /// <summary>Writes a little and removes it again: a runtime that can keep nothing must not start.</summary>
    /// <exception cref="IOException">The disk is full or read-only; the message says so.</exception>
    public void CheckWritable()
    {
        var probe = System.IO.Path.Combine(Path, $"{Guid.NewGuid():N}.tmp");
        try
        {
            using var handle = File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write, options: FileOptions.DeleteOnClose);
            RandomAccess.Write(handle, new byte[ProbeBytes], 0);
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw HomeRefusal.Because(Path, error);
        }
    }

    /// <summary>Takes the lock that keeps two runtimes from sharing a home; null when another holds it. Held until disposed.</summary>
    public SafeFileHandle? TryLock()
    {
        var fd = LibC.open(System.IO.Path.Combine(Path, "runtime.lock"), LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180);
        if (fd < 0) throw HomeRefusal.Because(Path, PosixException.Last("cannot open runtime.lock"));
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
        if (File.Exists(file)) return File.ReadAllText(file);
        var created = Guid.CreateVersion7().ToString();
        AtomicFile.Write(disk, file, Encoding.UTF8.GetBytes(created + "\n"));
        return created;
    }
}
