using OpAgent.Diagnosis;

namespace OpAgent.Tests.Diagnosis;

/// <summary>The checks that read the machine's own files and programs.</summary>
public sealed class MachineCheckTests : IDisposable
{
    private const int Pid = 4711;

    private readonly PretendedSystem _system = new();

    [Fact]
    public void ControlGroups_OfVersionOne_AreAWarning() => Assert.Contains("version 2", ControlGroupCheck.Look(_system.Files, Pid).Says);

    [Theory]
    [InlineData("cpu memory pids", Level.Ok, "delegated, with memory and pids")]
    [InlineData("cpu memory", Level.Warning, "lacks pids")]
    [InlineData("", Level.Warning, "lacks memory and pids")]
    public void ControlGroups_OfADelegatedGroup_NeedTheirControllers(string controllers, Level level, string says)
    {
        _system.With("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n").With($"/proc/{Pid}/cgroup", "1:name=systemd:/\n0::/a/b\n")
            .With("/sys/fs/cgroup/a/b/cgroup.procs", "").With("/sys/fs/cgroup/a/b/cgroup.controllers", controllers + "\n");

        var finding = ControlGroupCheck.Look(_system.Files, Pid);

        Assert.Equal(level, finding.Level);
        Assert.Contains(says, finding.Says);
    }

    [Fact]
    public void ControlGroups_OfAGroupThatIsNotOurs_AreAWarning()
    {
        _system.With("/sys/fs/cgroup/cgroup.controllers", "memory pids\n").With($"/proc/{Pid}/cgroup", "0::/a\n");

        Assert.Contains("/a is not delegated", ControlGroupCheck.Look(_system.Files, Pid).Says);
    }

    [Theory]
    [InlineData(8192, 1024, Level.Warning)]
    [InlineData(524288, 64, Level.Warning)]
    [InlineData(65536, 128, Level.Ok)]
    public void Inotify_WithLowLimits_IsAWarning(int watches, int instances, Level level)
    {
        _system.With("/proc/sys/fs/inotify/max_user_watches", $"{watches}\n").With("/proc/sys/fs/inotify/max_user_instances", $"{instances}\n");

        Assert.Equal(level, InotifyCheck.Look(_system.Files).Level);
    }

    [Theory]
    [InlineData("ID=debian\n", "sudo apt install bubblewrap")]
    [InlineData("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "sudo apt install bubblewrap")]
    [InlineData("NAME=Fedora\nID=fedora\n", "sudo dnf install bubblewrap")]
    [InlineData("ID=other\n", "the package is called bubblewrap")]
    public void Bubblewrap_NotInstalled_SaysHowToInstallIt(string release, string command) =>
        Assert.Equal(command, SandboxCheck.InstallCommand(_system.With("/etc/os-release", release).Files));

    [Theory]
    [InlineData("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=")]
    [InlineData("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1")]
    [InlineData("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor")]
    [InlineData("/proc/sys/user/max_user_namespaces", "63000", "container")]
    public void Bubblewrap_ThatFails_SaysWhatForbidsIt(string file, string value, string says) =>
        Assert.Contains(says, SandboxCheck.WhatForbids(_system.With(file, value + "\n").Files));

    [Fact]
    public async Task Bubblewrap_ThatFails_SaysWhy()
    {
        _system.With("/bin/bwrap", "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n");
        File.SetUnixFileMode(_system.Files.At("/bin/bwrap"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var broken = await SandboxCheck.LookAsync(_system.Files, _system.Files.At("/bin"), CommandLine.Cancellation);
        var missing = await SandboxCheck.LookAsync(_system.Files, _system.Files.At("/nowhere"), CommandLine.Cancellation);

        Assert.Equal((Level.Warning, Level.Warning), (broken.Level, missing.Level));
        Assert.Contains("No permissions to create new namespace", broken.Says);
        Assert.Contains("is not installed", missing.Says);
    }

    [Theory]
    [InlineData("node", "v18.19.0", Level.Warning)]
    [InlineData("node", "v20.0.0", Level.Ok)]
    [InlineData("git", "git version 1.8", Level.Ok)]
    [InlineData("python3", "", Level.Warning)]
    [InlineData("python3", null, Level.Warning)]
    public void Programs_ThatAreTooOldOrSilent_AreAWarning(string program, string? version, Level level) =>
        Assert.Equal(level, ProgramsCheck.Judge(program, $"/usr/bin/{program}", version).Level);

    [Fact]
    public async Task Programs_OfAPathWithoutThem_AreWarnings() =>
        Assert.All(await ProgramsCheck.LookAsync(_system.Files.At("/bin"), CommandLine.Cancellation), finding => Assert.Equal(Level.Warning, finding.Level));

    [Theory]
    [InlineData("2026-11-22", true, Level.Ok)]
    [InlineData("2026-11-22", false, Level.Warning)]
    [InlineData("1970-01-01", true, Level.Problem)]
    public void Clock_BeforeThisProgramOrKeptByNobody_IsNotOk(string now, bool isKept, Level level) =>
        Assert.Equal(level, ClockCheck.Judge(DateTimeOffset.Parse(now + "T12:00:00Z"), new(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc), isKept).Level);

    [Theory]
    [InlineData("ext4", DriveType.Fixed, 10L << 30, Level.Ok)]
    [InlineData("ext4", DriveType.Fixed, 500L << 20, Level.Warning)]
    [InlineData("ext4", DriveType.Fixed, 0, Level.Problem)]
    [InlineData("tmpfs", DriveType.Ram, 10L << 30, Level.Warning)]
    [InlineData("nfs", DriveType.Network, 10L << 30, Level.Problem)]
    public void Disk_ThatCannotBeReliedOn_IsNotOk(string format, DriveType type, long free, Level level) => Assert.Equal(level, DataCheck.Disk("/data", format, type, free).Level);

    [Theory]
    [InlineData("/proc/net/tcp", "0100007F:13D8", "0A", true)]
    [InlineData("/proc/net/tcp6", "00000000000000000000000001000000:13D8", "0A", true)]
    [InlineData("/proc/net/tcp", "0100007F:13D8", "01", false)]
    [InlineData("/proc/net/tcp", "0100007F:13D9", "0A", false)]
    public void Port_ThatAProgramListensOn_IsTaken(string file, string local, string state, bool taken)
    {
        _system.With(file, $"  sl  local_address rem_address   st\n   0: {local} 00000000:0000 {state} 00000000:00000000\n");

        Assert.Equal(taken, HostCheck.IsTaken(_system.Files, 5080));
    }

    public void Dispose() => _system.Dispose();
}
