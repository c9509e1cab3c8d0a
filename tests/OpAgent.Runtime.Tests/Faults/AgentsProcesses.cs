using System.Text;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>The processes of agents, also of those that nobody was told of: all that they start inherits their home.</summary>
internal static class AgentsProcesses
{
    /// <summary>True while a process lives that an agent of this runtime home is or started.</summary>
    public static bool IsAnyOf(string home)
    {
        var mark = Encoding.UTF8.GetBytes($"HOME={home}/homes/");
        return Directory.GetDirectories("/proc").Any(directory => int.TryParse(Path.GetFileName(directory), out _) && EnvironmentOf(directory).AsSpan().IndexOf(mark) >= 0);
    }

    private static byte[] EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(process, "environ"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is gone, or somebody else's.
            return [];
        }
    }
}
