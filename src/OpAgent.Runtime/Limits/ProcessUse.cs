using System.Globalization;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Limits;

/// <summary>What processes use up, and the one limit that the kernel keeps for each of them by itself.</summary>
internal static unsafe class ProcessUse
{
    private const int RLimitOpenFiles = 7;

    /// <summary>The memory of several processes, what they share counted once as far as that may be read.</summary>
    public static long MemoryOf(IEnumerable<ProcessStatus> processes) => processes.Sum(status => ReadShare(status.Pid) ?? status.ResidentBytes);

    /// <summary>How many files a process has open; 0 where that may not be read.</summary>
    public static int OpenFilesOf(int pid)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Lets the process, and what it starts from now on, have so many files open at most. It cannot be taken back.</summary>
    public static void LimitOpenFiles(int pid, int limit)
    {
        LibC.RLimit present;
        if (LibC.prlimit64(pid, RLimitOpenFiles, null, &present) != 0 || present.Maximum <= (ulong)limit) return;
        var wanted = new LibC.RLimit { Current = Math.Min(present.Current, (ulong)limit), Maximum = (ulong)limit };
        _ = LibC.prlimit64(pid, RLimitOpenFiles, &wanted, null);
    }

    // Pages that several share are divided among them (proc(5), smaps_rollup).
    private static long? ReadShare(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.AsSpan(4, line.Length - 4 - " kB".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
