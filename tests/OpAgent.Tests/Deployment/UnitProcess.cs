using System.Diagnostics;

namespace OpAgent.Tests.Deployment;

/// <summary>A unit's command, started as systemd starts it: with its environment, in a control group of its own where one can be made, and in a process group of its own.</summary>
internal sealed class UnitProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _group;

    private UnitProcess(UnitFile unit, string home)
    {
        _group = MakeGroup();
        var start = new ProcessStartInfo("setsid") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        if (_group is not null) foreach (var word in new[] { "sh", "-c", "echo $$ >\"$0/cgroup.procs\" && exec \"$@\"", _group }) start.ArgumentList.Add(word);
        foreach (var word in unit.Command(home)) start.ArgumentList.Add(word);
        // A unit knows nothing of the environment that this program has.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OPAGENT_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = home;
        foreach (var (name, value) in unit.Environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public static UnitProcess Start(UnitFile unit, string home) => new(unit, home);

    /// <summary>What "systemctl kill -s KILL" does: nothing of the unit is left.</summary>
    public async Task KillAllAsync()
    {
        if (_group is not null) await KillGroupAsync(_group);
        else await SignalAsync("KILL", $"-{Pid}");
        await ExitAsync();
    }

    /// <summary>What "systemctl stop" does where KillMode is mixed: the unit's own process is asked, and what is left when it has ended is killed.</summary>
    /// <returns>The exit code, and the processes that were left.</returns>
    public async Task<(int Exit, string[] Left)> StopAsync()
    {
        await SignalAsync("TERM", $"{Pid}");
        await ExitAsync();
        var left = _group is null ? [] : await MembersAsync(_group);
        if (left.Length > 0) await KillGroupAsync(_group!);
        return (_process.ExitCode, left);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited) await KillAllAsync();
        _process.Dispose();
        if (_group is null) return;
        await KillGroupAsync(_group);
        Directory.Delete(_group);
    }

    private static async Task KillGroupAsync(string group)
    {
        await File.WriteAllTextAsync(Path.Combine(group, "cgroup.kill"), "1");
        while ((await MembersAsync(group)).Length > 0) await Task.Yield();
    }

    private static Task<string[]> MembersAsync(string group) => File.ReadAllLinesAsync(Path.Combine(group, "cgroup.procs"));

    private static async Task SignalAsync(string signal, string target)
    {
        using var kill = Process.Start("kill", ["-s", signal, "--", target]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    private Task ExitAsync() => _process.WaitForExitAsync(CancellationToken.None).WaitAsync(CommandLine.Limit);

    /// <summary>Null where this user may make no control group, or the kernel cannot kill one.</summary>
    private static string? MakeGroup()
    {
        var mount = File.ReadLines("/proc/self/mountinfo").FirstOrDefault(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))?.Split(' ')[4];
        if (mount is null) return null;
        var group = Path.Combine(mount, $"opagent-test-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(group);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (File.Exists(Path.Combine(group, "cgroup.kill"))) return group;
        Directory.Delete(group);
        return null;
    }
}
