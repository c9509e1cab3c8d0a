using System.Globalization;
using System.Runtime.InteropServices;

namespace OpAgent.Runtime.Processes;

internal sealed unsafe partial class ControlGroup
{
    // The runtime itself, once it has made room: a group with processes of its own can give its children no controllers.
    private const string OwnName = "opagent-runtime";
    private const string SubtreeControl = "cgroup.subtree_control";
    private const int MayWrite = 2;

    /// <summary>The group that this process may make others in; null where there is none that is its own.</summary>
    public static ControlGroup? FindOwn()
    {
        try
        {
            return Find(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/mountinfo")) is { IsDelegated: true } own ? own : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The group that a process is in, from the texts of its <c>/proc/[pid]/cgroup</c> and of <c>/proc/self/mountinfo</c>; for the runtime's own, the one that holds it.</summary>
    public static ControlGroup? Find(string membership, string mounts)
    {
        if (membership.Split('\n').FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..] is not { } group) return null;
        // Outside of the namespace that this process sees.
        if (group.StartsWith("/..", StringComparison.Ordinal)) return null;
        if (group.EndsWith($"/{OwnName}", StringComparison.Ordinal)) group = group[..^(OwnName.Length + 1)];
        foreach (var line in mounts.Split('\n'))
        {
            // 41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            var fields = line.Split(' ');
            if (fields.Length < 5 || !line.Contains(" - cgroup2 ", StringComparison.Ordinal)) continue;
            var (root, mount) = (fields[3].TrimEnd('/'), fields[4].TrimEnd('/'));
            // A container sees a part of the hierarchy; what lies outside of it cannot be reached.
            if (group.StartsWith($"{root}/", StringComparison.Ordinal) || group == root) return new ControlGroup(mount + group[root.Length..].TrimEnd('/'));
        }

        return null;
    }

    /// <summary>Gives the groups below this one the means to limit memory and processes; where this process is alone in the group, it makes room for that. False where the group has no such means.</summary>
    public bool TryEnableLimits()
    {
        try
        {
            if (HasLimits(SubtreeControl)) return true;
            if (!HasLimits("cgroup.controllers")) return false;
            MakeRoom();
            Write(SubtreeControl, "+memory +pids");
            return HasLimits(SubtreeControl);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // systemd marks what it hands over; where nothing stands above (a container's root), nobody else disposes of it.
    private bool IsDelegated => IsWritable && (!Directory.Exists("/run/systemd/system") || HasAttribute("user.delegate") || HasAttribute("trusted.delegate"));

    private bool IsWritable => access(Path, MayWrite) == 0 && access(In(Processes), MayWrite) == 0;

    private void MakeRoom()
    {
        var self = Environment.ProcessId;
        var inside = File.ReadAllLines(In(Processes));
        if (inside.Length == 1 && inside[0] == self.ToString(CultureInfo.InvariantCulture)) Create(OwnName).Add(self);
    }

    private bool HasLimits(string file) => TryRead(file).Split((char[])[' ', '\n']) is var controllers && controllers.Contains("memory") && controllers.Contains("pids");

    private bool HasAttribute(string name) => getxattr(Path, name, null, 0) > 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getxattr(string path, string name, byte* value, nint size);
}
