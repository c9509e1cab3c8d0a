using System.Diagnostics;
using System.Globalization;

namespace OpAgent.Benchmarks;

/// <summary>A process manager that keeps one command running, in a temporary directory of its own.</summary>
internal sealed class ProcessManager : IAsyncDisposable
{
    // What ended sooner after its start is taken for broken and started later.
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1.2);

    private readonly string _directory = Directory.CreateTempSubdirectory("opagent-respawn-").FullName;
    private Func<Task> _end = () => Task.CompletedTask;

    private ProcessManager()
    {
    }

    public static bool HasSupervise => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, "s6-supervise")));

    private string StampsFile => Path.Combine(_directory, "stamps");

    private string PidFile => Path.Combine(_directory, "pid");

    /// <summary>Installs PM2 from npm and lets it run the script.</summary>
    public static async Task<ProcessManager> StartPm2Async(string script, string agent)
    {
        var manager = new ProcessManager();
        await manager.RunAsync("npm", "install", "--no-fund", "--no-audit", "--silent", "--prefix", manager._directory, "pm2");
        var program = Path.Combine(manager._directory, "node_modules/.bin/pm2");
        await manager.RunAsync(program, "start", manager.WriteScript("service.sh", script, agent), "--name", "service", "--interpreter", "sh", "--max-restarts", "1000");
        manager._end = () => manager.RunAsync(program, "kill");
        return manager;
    }

    /// <summary>Lets s6-supervise run the script.</summary>
    public static ProcessManager StartSupervise(string script, string agent)
    {
        var manager = new ProcessManager();
        var run = manager.WriteScript("run", "#!/bin/sh\n" + script, agent);
        File.SetUnixFileMode(run, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var process = Process.Start(new ProcessStartInfo("s6-supervise", [manager._directory]) { WorkingDirectory = manager._directory })!;
        manager._end = async () =>
        {
            await manager.RunAsync("s6-svc", "-xd", manager._directory);
            await process.WaitForExitAsync();
        };
        return manager;
    }

    /// <summary>Kills the process again and again.</summary>
    public async Task<Sample> MeasureAsync(int kills)
    {
        var sample = new Sample();
        await Stamps.NextAsync(StampsFile, 0);
        for (var i = 0; i < kills; i++)
        {
            await Pause.OfAsync(LongEnough);
            var before = Stamps.Count(StampsFile);
            var killed = Stamps.Now();
            using (var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(PidFile), CultureInfo.InvariantCulture))) process.Kill();
            sample.Add((await Stamps.NextAsync(StampsFile, before) - killed) / 1e6);
        }

        return sample;
    }

    public async ValueTask DisposeAsync()
    {
        await _end();
        Directory.Delete(_directory, recursive: true);
    }

    private string WriteScript(string name, string script, string agent)
    {
        var path = Path.Combine(_directory, name);
        // The agent would end with its standard input, which a process manager closes.
        File.WriteAllText(path, script.Replace("STAMPS", StampsFile, StringComparison.Ordinal).Replace("exec AGENT", $"echo $$ > {PidFile}\nmkfifo {_directory}/in 2>/dev/null\nexec {agent} 0<>{_directory}/in", StringComparison.Ordinal));
        return path;
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _directory, RedirectStandardOutput = true, Environment = { ["PM2_HOME"] = Path.Combine(_directory, "home") } };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }
}
