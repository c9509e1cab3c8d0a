using System.Diagnostics;

namespace OpAgent.Agents.Text.Tests.Files;

/// <summary>Runs a program of the system that a test needs.</summary>
internal static class Tool
{
    public static string Run(string directory, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output;
    }
}
