using System.Diagnostics;

namespace OpAgent.Runtime.Tests.Upgrades;

/// <summary>Programs to upgrade a daemon to, in its test's own directory.</summary>
internal static class Programs
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>A copy of the program that is tested.</summary>
    public static string Copy(this RuntimeFixture runtime, string name)
    {
        var directory = runtime.Temporary[name];
        Directory.CreateDirectory(directory, Executable);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => file.EndsWith(".dll", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith("opagent-runtime", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(directory, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, Path.GetFileName(copy) == "opagent-runtime" ? Executable : Plain);
        }

        return Path.Combine(directory, "opagent-runtime");
    }

    /// <summary>The number of a chunk that the scripted agent sent.</summary>
    public static int Chunk(this TurnEvent item) => int.Parse(item.Said!.TrimEnd('.', ' '));

    /// <summary>A script in the place of a program.</summary>
    public static string Script(this RuntimeFixture runtime, string name, string script, string interpreter = "/bin/sh")
    {
        var path = runtime.Temporary.Write($"{name}/program", $"#!{interpreter}\n{script}\n");
        File.SetUnixFileMode(path, Executable);
        return path;
    }

    /// <summary>Runs <c>opagent-runtime upgrade</c>.</summary>
    public static async Task<(int ExitCode, string Said)> UpgradeAsync(this RuntimeFixture runtime, string program)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "opagent-runtime"), ["upgrade", program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OPAGENT_RUNTIME_HOME"] = runtime.Home },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(RuntimeFixture.Cancellation), process.StandardError.ReadToEndAsync(RuntimeFixture.Cancellation));
        await process.WaitForExitAsync(RuntimeFixture.Cancellation).WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Upgrades and requires that it worked.</summary>
    public static async Task SwitchAsync(this RuntimeFixture runtime, string program)
    {
        var (exitCode, said) = await runtime.UpgradeAsync(program);
        Assert.True(exitCode == 0, said);
        Assert.Equal(program, File.ResolveLinkTarget($"/proc/{runtime.Pid}/exe", returnFinalTarget: false)!.FullName);
    }
}
