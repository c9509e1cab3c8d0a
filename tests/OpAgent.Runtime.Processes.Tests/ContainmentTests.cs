using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes.Tests;

/// <summary>Whatever a process does to detach what it starts, it ends with it.</summary>
[Collection(nameof(ProcessSupervisor))]
public sealed class ContainmentTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // A shell, a child in the same group, one in a session of its own, one that was forked twice, one without environment; none of them listens to SIGTERM or SIGHUP.
    private const string Family = """
        trap '' TERM HUP
        marked() { sh -c 'trap "" TERM HUP; while :; do sleep 1000; done' "$MARK"; }
        marked & setsid sh -c 'trap "" TERM HUP; while :; do sleep 1000; done' "$MARK" &
        (setsid setsid --fork sh -c 'trap "" TERM HUP; while :; do sleep 1000; done' "$MARK" &)
        echo ready
        wait
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("opagent-").FullName;
    private readonly ContainmentGroups _groups;

    public ContainmentTests() => _groups = new ContainmentGroups(RuntimeHome.Open(Path.Combine(_home, "home")));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("pid-namespace")]
    [InlineData("cgroup")]
    [InlineData("subreaper")]
    public async Task StopAsync_WhateverItHasDetached_EndsAllOfIt(string containment)
    {
        using var supervisor = new ProcessSupervisor(containment == "cgroup" ? _groups : null);
        var (child, mark) = await StartFamilyAsync(supervisor, containment);
        Assert.True(LivingWith(mark) >= 4, "the whole family was started");
        // It would be waited for otherwise.
        child.Tree.Kill();

        await child.StopAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(0, LivingWith(mark));
        await child.DisposeAsync();
    }

    [Theory]
    [InlineData("pid-namespace")]
    [InlineData("cgroup")]
    [InlineData("subreaper")]
    public async Task StopAsync_OfOneFamily_LeavesTheOther(string containment)
    {
        using var supervisor = new ProcessSupervisor(containment == "cgroup" ? _groups : null);
        var (one, first) = await StartFamilyAsync(supervisor, containment);
        var (other, second) = await StartFamilyAsync(supervisor, containment);
        one.Tree.Kill();

        await one.DisposeAsync();

        Assert.Equal(0, LivingWith(first));
        Assert.True(LivingWith(second) >= 4);
        other.Tree.Kill();
        await other.DisposeAsync();
    }

    [Theory]
    [InlineData("exit 7", 7, null)]
    [InlineData("kill -9 $$", null, 9)]
    [InlineData("kill -TERM $$", null, 15)]
    public async Task Exited_InANamespace_TellsCodeOrSignal(string script, int? code, int? signal)
    {
        using var supervisor = new ProcessSupervisor();
        await using var child = await supervisor.StartAsync(Isolated(script, "x"));

        Assert.Equal(new ProcessExit(code, signal), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pid_InANamespace_IsTheProgramsOwnAsTheMachineSeesIt()
    {
        using var supervisor = new ProcessSupervisor();
        await using var child = await supervisor.StartAsync(Isolated("echo here; read line", "x"));
        await ReadLineAsync(child.StandardOutput);

        Assert.StartsWith("/bin/sh -c echo here", ProcessStatus.ReadCommand(child.Pid), StringComparison.Ordinal);
        Assert.NotEqual(child.SpawnedPid, child.Pid);
    }

    [Fact]
    public async Task StopAsync_InANamespace_AsksByTermFirst()
    {
        using var supervisor = new ProcessSupervisor();
        await using var child = await supervisor.StartAsync(Isolated("trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done", "x"));
        await ReadLineAsync(child.StandardOutput);

        Assert.Equal(3, (await child.StopAsync().WaitAsync(Limit, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task StartAsync_WhatBubblewrapRefuses_EndsAndSaysWhy()
    {
        using var supervisor = new ProcessSupervisor();
        var spec = Isolated("true", "x") with { Isolation = new Isolation(new FileView().Set("/", Visibility.ReadOnly).Set("/no/such/place", Visibility.Writable), Network: true) };

        // It is noticed before or after the namespace has announced itself.
        string said;
        try
        {
            await using var child = await supervisor.StartAsync(spec);
            var stderr = new OutputTail();
            await stderr.CollectAsync(child.StandardError);
            Assert.Equal(1, (await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken)).Code);
            said = stderr.ToString();
        }
        catch (IOException failure)
        {
            said = failure.Message;
        }

        Assert.Contains("/no/such/place", said);
    }

    [Fact]
    public async Task Crash_OfAGrandchild_IsNotTheProcesss()
    {
        using var supervisor = new ProcessSupervisor();
        await using var child = await supervisor.StartAsync(Isolated("(setsid sh -c 'kill -SEGV $$' &) ; sh -c 'kill -KILL $$'; echo alive; read line; exit 4", "x"));

        Assert.Equal("alive", await ReadLineAsync(child.StandardOutput));
        Assert.False(child.Exited.IsCompleted);
        child.StandardInput.Dispose();
        Assert.Equal(4, (await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void EndLeft_EndsWhatAKilledRuntimeLeft_AndNothingElse()
    {
        using var mine = Start(Path.Combine(_home, "home", "homes", "writer"));
        using var others = Start(Path.Combine(_home, "home-of-another", "homes", "writer"));

        _groups.EndLeft();

        Assert.True(mine.WaitForExit(Limit));
        Assert.False(others.HasExited);
        others.Kill();
        others.WaitForExit();
    }

    private static System.Diagnostics.Process Start(string home)
    {
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sleep", "1000") { Environment = { ["HOME"] = home } };
        return System.Diagnostics.Process.Start(start)!;
    }

    private static async Task<(ChildProcess Child, string Mark)> StartFamilyAsync(ProcessSupervisor supervisor, string containment)
    {
        var mark = $"family-{Guid.NewGuid():N}";
        var spec = Isolated(Family, mark);
        var child = await supervisor.StartAsync(containment == "pid-namespace" ? spec : spec with { Isolation = null });
        Assert.Equal("ready", await ReadLineAsync(child.StandardOutput));
        while (LivingWith(mark) < 4) await Task.Yield();
        return (child, mark);
    }

    private static ProcessSpec Isolated(string script, string mark) =>
        new("/bin/sh", ["-c", script, mark], "/tmp", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["MARK"] = mark })
        {
            Isolation = new Isolation(new FileView().Set("/", Visibility.ReadOnly), Network: true),
            Mark = "MARK",
        };

    private static int LivingWith(string mark) => ProcessStatus.ReadAll().Count(status => status.State != 'Z' && ProcessStatus.ReadCommand(status.Pid) is var command && command.Contains(mark) && !command.StartsWith("/usr/bin/bwrap", StringComparison.Ordinal));

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new System.Text.StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString();
    }
}
