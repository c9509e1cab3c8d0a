using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>One process as <c>/proc</c> shows it (proc(5)).</summary>
/// <param name="Cpu">User and system time together.</param>
/// <param name="StartTicks">Start time in clock ticks after boot; with the id it names one process for good.</param>
internal sealed record ProcessStatus(int Pid, int Parent, int Session, char State, TimeSpan Cpu, long StartTicks, long ResidentBytes)
{
    private const int TicksPerSecond = 100;

    /// <summary>When the process started.</summary>
    public DateTimeOffset Started { get; } = BootTime.AddSeconds((double)StartTicks / TicksPerSecond);

    private static DateTimeOffset BootTime { get; } = ReadBootTime();

    /// <summary>Reads one process, or null when there is none.</summary>
    public static ProcessStatus? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may hold anything, so fields are counted from the last ')'.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return new ProcessStatus(pid, (int)Field(4), (int)Field(6), fields[0][0],
                TimeSpan.FromSeconds((double)(Field(14) + Field(15)) / TicksPerSecond), Field(22), Field(24) * Environment.SystemPageSize);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Every process that can be seen.</summary>
    public static IEnumerable<ProcessStatus> ReadAll() =>
        from directory in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(directory)
        where char.IsAsciiDigit(name[0])
        let status = Read(int.Parse(name, CultureInfo.InvariantCulture))
        where status is not null
        select status;

    /// <summary>The command line with blanks between arguments, or the bare name where there is none.</summary>
    public static string ReadCommand(int pid)
    {
        try
        {
            var text = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).TrimEnd('\0').Replace('\0', ' ');
            return text.Length > 0 ? text : File.ReadAllText($"/proc/{pid}/comm").TrimEnd();
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Whether the process was started with this variable (<c>NAME=value</c>) in its environment; false also where that may not be read.</summary>
    /// <param name="isWhole">False: a variable that begins like this.</param>
    public static bool HasVariable(int pid, string variable, bool isWhole = true)
    {
        try
        {
            ReadOnlySpan<byte> environment = [0, .. File.ReadAllBytes($"/proc/{pid}/environ")];
            return environment.IndexOf(Encoding.UTF8.GetBytes(isWhole ? $"\0{variable}\0" : $"\0{variable}")) >= 0;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a process is in a PID namespace below ours, and so may be an agent of any runtime.</summary>
    public static bool IsContained(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal))?.Split('\t').Length > 2;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The children of a process, as far as they can be seen.</summary>
    public static IReadOnlyList<int> ChildrenOf(int pid)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            // Kernels without CONFIG_PROC_CHILDREN have no such file.
            return [.. ReadAll().Where(status => status.Parent == pid).Select(status => status.Pid)];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Whether <paramref name="ancestor"/>, of this user, started the process, directly or through others; null where that cannot be told, because one of them is gone.</summary>
    public static bool? Descends(int pid, int ancestor)
    {
        while (pid > 1)
        {
            if (Read(pid) is not { } status) return IsOfAnotherUser(pid) ? false : null;
            if (status.Parent == ancestor) return true;
            pid = status.Parent;
        }

        // Process 0 started the first one of the machine or of a container.
        return false;
    }

    /// <summary>
    /// Where <c>/proc</c> is mounted with <c>hidepid</c>, a process of another user cannot be seen, for example the sshd above a person's shell;
    /// the kernel still tells it (EPERM) from one that is gone (ESRCH). What other users started does not descend from a process of ours.
    /// </summary>
    private static bool IsOfAnotherUser(int pid) => LibC.kill(pid, 0) != 0 && Marshal.GetLastPInvokeError() == LibC.EPERM;

    private static DateTimeOffset ReadBootTime()
    {
        var line = File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal));
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(line.AsSpan(6), CultureInfo.InvariantCulture));
    }
}
