using System.Globalization;

namespace OpAgent.Runtime.Processes;

/// <summary>A directory of the unified control group hierarchy (cgroups(7), version 2).</summary>
/// <param name="path">The group's directory.</param>
internal sealed partial class ControlGroup(string path)
{
    private const string Processes = "cgroup.procs", KillFile = "cgroup.kill";

    public string Path { get; } = path;

    /// <summary>True where <see cref="TryKill"/> works (Linux 5.14).</summary>
    public bool CanKill => File.Exists(In(KillFile));

    /// <summary>True while the group or one below it holds a process.</summary>
    public bool IsPopulated => ReadCounter("cgroup.events", "populated") is 1;

    /// <summary>Makes a group below this one, or finds the one that is there.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public ControlGroup Create(string name)
    {
        var child = new ControlGroup(In(name));
        try
        {
            Directory.CreateDirectory(child.Path);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }

        return child;
    }

    /// <summary>Moves a process into the group; what it has started already stays where it is.</summary>
    /// <exception cref="IOException">There is no such process, or the kernel refuses.</exception>
    public void Add(int pid) => Write(Processes, pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>The processes in the group and in those below it.</summary>
    public IReadOnlyList<int> ReadProcesses()
    {
        try
        {
            var files = Directory.EnumerateFiles(Path, Processes, new EnumerationOptions { RecurseSubdirectories = true });
            return [.. files.SelectMany(File.ReadLines).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Sends SIGKILL to every process in the group and in those below it, also to ones that are being started; false where the kernel cannot.</summary>
    public bool TryKill()
    {
        if (!CanKill) return false;
        try
        {
            Write(KillFile, "1");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Removes the group and those below it; false while a process is left in one, be it one that has ended and is not reaped yet.</summary>
    public bool TryRemove()
    {
        try
        {
            if (!Directory.Exists(Path)) return true;
            // A group's files go with it: only directories are removed, the innermost first.
            foreach (var inner in Directory.GetDirectories(Path, "*", SearchOption.AllDirectories).OrderByDescending(inner => inner.Length)) Directory.Delete(inner);
            Directory.Delete(Path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>One line of a file such as <c>memory.events</c>; null where there is none.</summary>
    public long? ReadCounter(string file, string name)
    {
        foreach (var line in TryRead(file).Split('\n'))
        {
            if (line.StartsWith($"{name} ", StringComparison.Ordinal)) return long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
        }

        return null;
    }

    /// <summary>Writes a file of the group, such as <c>memory.max</c>.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Write(string file, string value)
    {
        try
        {
            File.WriteAllText(In(file), value);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private string TryRead(string file)
    {
        try
        {
            return File.ReadAllText(In(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
