using System.Diagnostics;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Tests.Processes;

/// <summary>Against plain directories, which take what is written and do nothing, and against the kernel where it lets this user make groups.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private const string Mounts = """
        31 1 0:30 / /sys/fs/cgroup rw - tmpfs tmpfs rw
        32 31 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """;

    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("4:memory:/some\n0::/\n", "/sys/fs/cgroup/unified")]
    [InlineData("0::/system.slice/opagent-runtime@alice.service\n", "/sys/fs/cgroup/unified/system.slice/opagent-runtime@alice.service")]
    [InlineData("0::/system.slice/a.service/opagent-runtime\n", "/sys/fs/cgroup/unified/system.slice/a.service")]
    [InlineData("4:memory:/some\n", null)]
    [InlineData("0::/../outside\n", null)]
    public void Find_Membership_IsADirectoryOfTheUnifiedHierarchy(string membership, string? expected) => Assert.Equal(expected, ControlGroup.Find(membership, Mounts)?.Path);

    [Fact]
    public void Find_MountOfAPart_HoldsThatPartAlone()
    {
        const string mounts = "9 8 0:4 /docker/a1 /sys/fs/cgroup rw - cgroup2 cgroup rw\n";

        Assert.Equal("/sys/fs/cgroup/inner", ControlGroup.Find("0::/docker/a1/inner\n", mounts)?.Path);
        Assert.Equal("/sys/fs/cgroup", ControlGroup.Find("0::/docker/a1\n", mounts)?.Path);
        Assert.Null(ControlGroup.Find("0::/docker/a12\n", mounts));
    }

    [Fact]
    public void TryEnableLimits_WithoutControllers_IsRefusedAndWritesNothing()
    {
        _temporary.Write("cgroup.controllers", "cpu io memory\n");
        _temporary.Write("cgroup.subtree_control", "");

        Assert.False(new ControlGroup(_temporary.Path).TryEnableLimits());
        Assert.Equal("", File.ReadAllText(_temporary["cgroup.subtree_control"]));
    }

    [Fact]
    public void TryEnableLimits_AloneInTheGroup_MakesRoomAndAsksForBothControllers()
    {
        _temporary.Write("cgroup.controllers", "cpu io memory pids\n");
        _temporary.Write("cgroup.subtree_control", "cpu\n");
        _temporary.Write("cgroup.procs", $"{Environment.ProcessId}\n");

        // A plain directory keeps what was written; the kernel would show "memory pids".
        Assert.False(new ControlGroup(_temporary.Path).TryEnableLimits());
        Assert.Equal("+memory +pids", File.ReadAllText(_temporary["cgroup.subtree_control"]));
        Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(_temporary["opagent-runtime/cgroup.procs"]));
    }

    [Fact]
    public void TryEnableLimits_WithOthersInTheGroup_MovesNobody()
    {
        _temporary.Write("cgroup.controllers", "memory pids\n");
        _temporary.Write("cgroup.procs", $"1\n{Environment.ProcessId}\n");

        new ControlGroup(_temporary.Path).TryEnableLimits();

        Assert.False(Directory.Exists(_temporary["opagent-runtime"]));
    }

    [Fact]
    public void TryEnableLimits_ThatAreEnabled_ChangesNothing()
    {
        _temporary.Write("cgroup.subtree_control", "cpu memory pids\n");

        Assert.True(new ControlGroup(_temporary.Path).TryEnableLimits());
        Assert.Equal(["cgroup.subtree_control"], Directory.GetFileSystemEntries(_temporary.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void ReadCounter_LineOfAFile_IsItsNumber()
    {
        var group = new ControlGroup(_temporary.Path);
        _temporary.Write("memory.events", "low 0\noom 2\noom_kill 12\n");

        Assert.Equal(12, group.ReadCounter("memory.events", "oom_kill"));
        Assert.Null(group.ReadCounter("memory.events", "max"));
        Assert.Null(group.ReadCounter("pids.events", "max"));
    }

    [Fact]
    public async Task Group_OfTheKernel_TakesKillsAndForgetsProcesses()
    {
        if (ControlGroup.FindOwn() is not { } own)
        {
            // Then it is so: somebody else disposes of the group, or it cannot be written.
            var found = ControlGroup.Find(await File.ReadAllTextAsync("/proc/self/cgroup", RuntimeFixture.Cancellation), await File.ReadAllTextAsync("/proc/self/mountinfo", RuntimeFixture.Cancellation));
            if (found is not null && !Directory.Exists("/run/systemd/system")) Assert.Throws<IOException>(() => found.Create("opagent-test"));
            return;
        }

        var group = own.Create($"opagent-test-{Guid.NewGuid():N}");
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read go; setsid sleep 1000 & wait"]) { RedirectStandardInput = true })!;
        try
        {
            group.Add(parent.Id);
            await parent.StandardInput.WriteLineAsync("go");
            await RuntimeFixture.UntilAsync(() => Task.FromResult(group.ReadProcesses().Count == 2), "the shell has started its child");
            group.Create("inner").Add(group.ReadProcesses().Single(pid => pid != parent.Id));
            Assert.True(group.IsPopulated);
            Assert.Equal(2, group.ReadProcesses().Count);
            Assert.False(group.TryRemove());

            Assert.True(group.TryKill());

            await parent.WaitForExitAsync(RuntimeFixture.Cancellation).WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation);
            await RuntimeFixture.UntilAsync(() => Task.FromResult(group.TryRemove()), "the group is empty");
            Assert.False(Directory.Exists(group.Path));
            Assert.False(group.IsPopulated);
        }
        finally
        {
            group.TryKill();
        }
    }
}
