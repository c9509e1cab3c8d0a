using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Core.Bindings;
using OpAgent.Runtime.Limits;

namespace OpAgent.Runtime.Processes.Tests.Limits;

/// <summary>Real processes; where a control group is meant, a plain directory that keeps what is written into it.</summary>
public sealed class AgentLimiterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ProcessSupervisor _supervisor = new();
    private readonly FakeTimeProvider _time = new();
    private readonly string _group = Directory.CreateTempSubdirectory("opagent-").FullName;

    public AgentLimiterTests() => File.WriteAllText(Path.Combine(_group, "cgroup.subtree_control"), "cpu memory pids\n");

    public void Dispose()
    {
        _supervisor.Dispose();
        Directory.Delete(_group, recursive: true);
    }

    [Fact]
    public async Task Watch_WithNothingToLookAt_LetsTheSamplerRest()
    {
        using var limiter = new AgentLimiter(_time, NullLogger.Instance, own: null);
        await using var child = await StartAsync("exec sleep 1000");
        var watch = limiter.Watch(child, new ResolvedLimits { Turn = Set(TimeSpan.FromSeconds(1)), Idle = Set(TimeSpan.FromSeconds(1)), Output = Set(1L) });

        Assert.Equal("sampled", limiter.Means);
        Assert.False(limiter.Sampler.IsRunning);
        Assert.True(watch.TryApply(new ResolvedLimits { Memory = Set(1L << 40) }));
        Assert.True(limiter.Sampler.IsRunning);
        Assert.True(watch.TryApply(new ResolvedLimits()));
        Assert.False(limiter.Sampler.IsRunning);
        Assert.True(watch.TryApply(new ResolvedLimits { Processes = Set(1000) }));
        watch.Dispose();
        Assert.False(limiter.Sampler.IsRunning);
        child.Signal(Posix.LibC.SIGKILL);
    }

    [Fact]
    public async Task Watch_TooManyProcesses_EndsAlsoOneThatDetachedItself()
    {
        using var limiter = new AgentLimiter(_time, NullLogger.Instance, own: null);
        await using var child = await StartAsync("setsid sleep 1000 & echo $!; exec sleep 1000");
        var other = await ReadNumberAsync(child.StandardOutput);
        using var watch = limiter.Watch(child, new ResolvedLimits { Processes = Set(1) });

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("over the limit 1 (a.yaml:3)", watch.Breach?.Text);
        Assert.Equal(Posix.LibC.SIGKILL, (await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken)).Signal);
        while (ProcessStatus.Read(other) is { State: not 'Z' }) await Task.Yield();
    }

    [Fact]
    public async Task Watch_OpenFiles_HoldWhatTheProcessStarts()
    {
        using var limiter = new AgentLimiter(_time, NullLogger.Instance, own: null);
        await using var child = await StartAsync("read go; sh -c 'ulimit -n; ulimit -Hn'");
        using var watch = limiter.Watch(child, new ResolvedLimits { OpenFiles = Set(50) });

        await child.StandardInput.WriteAsync("go\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(50, await ReadNumberAsync(child.StandardOutput));
        Assert.Equal(50, await ReadNumberAsync(child.StandardOutput));
        Assert.True(watch.TryApply(new ResolvedLimits { OpenFiles = Set(40) }));
        Assert.False(watch.TryApply(new ResolvedLimits { OpenFiles = Set(41) }));
        Assert.False(watch.TryApply(new ResolvedLimits()));
    }

    [Fact]
    public async Task Watch_WithAControlGroup_LeavesMemoryToTheKernel()
    {
        using var limiter = new AgentLimiter(_time, NullLogger.Instance, new ControlGroup(_group));
        await using var child = await StartAsync("exec sleep 1000");
        using var watch = limiter.Watch(child, new ResolvedLimits { Memory = Set(1L << 30) });
        var own = Path.Combine(_group, $"agent-{child.Pid}");

        Assert.Equal("cgroup", limiter.Means);
        Assert.False(limiter.Sampler.IsRunning);
        Assert.Equal(($"{child.Pid}", "1073741824", "1", "max"), (Read(own, "cgroup.procs"), Read(own, "memory.max"), Read(own, "memory.oom.group"), Read(own, "pids.max")));
        Assert.Null(watch.Breach);
        await File.WriteAllTextAsync(Path.Combine(own, "memory.events"), "oom 1\noom_kill 1\n", TestContext.Current.CancellationToken);
        Assert.Equal("memory has reached the limit 1 GiB (a.yaml:3)", watch.Breach?.Text);
        child.Signal(Posix.LibC.SIGKILL);
    }

    [Fact]
    public async Task Watch_ProcessesOfAControlGroup_AreCountedThere()
    {
        using var limiter = new AgentLimiter(_time, NullLogger.Instance, new ControlGroup(_group));
        await using var child = await StartAsync("exec sleep 1000");
        using var watch = limiter.Watch(child, new ResolvedLimits { Processes = Set(2) });
        await File.WriteAllTextAsync(Path.Combine(_group, $"agent-{child.Pid}", "cgroup.procs"), $"{child.Pid}\n{child.Pid}\n{child.Pid}\n", TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("processes 3 are over the limit 2 (a.yaml:3)", watch.Breach?.Text);
        await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Watch_WhereTheKernelGivesNoGroup_IsLookedAtInstead()
    {
        using var limiter = new AgentLimiter(_time, NullLogger.Instance, new ControlGroup(_group));
        await using var child = await StartAsync("exec sleep 1000");
        await File.WriteAllTextAsync(Path.Combine(_group, $"agent-{child.Pid}"), "in the way", TestContext.Current.CancellationToken);
        using var watch = limiter.Watch(child, new ResolvedLimits { Memory = Set(1L) });

        Assert.True(limiter.Sampler.IsRunning);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("is over the limit 1 B", watch.Breach?.Text);
        await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Limiter_AfterARuntimeThatWasKilled_RemovesTheGroupsThatItLeft()
    {
        Directory.CreateDirectory(Path.Combine(_group, "agent-17"));
        Directory.CreateDirectory(Path.Combine(_group, "other"));

        using var limiter = new AgentLimiter(_time, NullLogger.Instance, new ControlGroup(_group));

        Assert.Equal(["other"], Directory.GetDirectories(_group).Select(Path.GetFileName));
    }

    private static Sourced<T> Set<T>(T value) => new(value, "a.yaml", 3);

    private static string Read(string group, string file) => File.ReadAllText(Path.Combine(group, file));

    private Task<ChildProcess> StartAsync(string script) =>
        _supervisor.StartAsync(new ProcessSpec("/bin/sh", ["-c", script], "/tmp", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }));

    private static async Task<int> ReadNumberAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return int.Parse(line.ToString());
    }
}
