using System.Globalization;

namespace OpAgent.Benchmarks;

/// <summary>A file to which every start of a process adds a line with the time, in nanoseconds since 1970.</summary>
internal static class Stamps
{
    public static long Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    public static int Count(string file) => File.Exists(file) ? File.ReadAllText(file).Count(c => c == '\n') : 0;

    /// <summary>Waits for the line after so many, and returns its time.</summary>
    public static async Task<long> NextAsync(string file, int before)
    {
        while (Count(file) <= before) await Task.Yield();
        return long.Parse(File.ReadLines(file).ElementAt(before), CultureInfo.InvariantCulture);
    }
}
