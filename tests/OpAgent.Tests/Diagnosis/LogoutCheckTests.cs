using OpAgent.Diagnosis;

namespace OpAgent.Tests.Diagnosis;

public sealed class LogoutCheckTests : IDisposable
{
    private const int Pid = 4711;
    private const string InSession = "0::/user.slice/user-1000.slice/session-3.scope\n";
    private const string InManager = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/terminal.scope\n";
    private const string InService = "0::/system.slice/system-opagent\\x2druntime.slice/opagent-runtime@alice.service\n";

    private readonly PretendedSystem _system = new PretendedSystem().WithDirectory("/run/systemd/system");

    [Theory]
    [InlineData("/etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\n")]
    [InlineData("/etc/systemd/logind.conf", "[Login]\n  KillUserProcesses = TRUE\n")]
    [InlineData("/usr/lib/systemd/logind.conf", "[Login]\nKillUserProcesses=1\n")]
    [InlineData("/run/systemd/logind.conf.d/50-kill.conf", "[Login]\nKillUserProcesses=on\n")]
    [InlineData("/etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\nKillOnlyUsers=bob alice\n")]
    public void Look_InALoginSessionWhoseProcessesAreKilled_IsAProblem(string file, string content)
    {
        _system.With(file, content);

        var finding = Look(InSession);

        Assert.Equal(Level.Problem, finding.Level);
        Assert.Contains("KillUserProcesses=yes", finding.Says);
        Assert.Contains("loginctl enable-linger alice", finding.Remedy);
    }

    [Theory]
    [InlineData("/etc/systemd/logind.conf", "[Login]\n#KillUserProcesses=yes\n")]
    [InlineData("/etc/systemd/logind.conf", "[Login]\nKillUserProcesses=no\n")]
    [InlineData("/etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\nKillExcludeUsers=root alice\n")]
    [InlineData("/etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\nKillOnlyUsers=bob\n")]
    [InlineData("/etc/systemd/logind.conf.d/readme.txt", "KillUserProcesses=yes")]
    public void Look_InALoginSessionWhoseProcessesGoOn_IsOk(string file, string content)
    {
        _system.With(file, content);

        Assert.Equal(Level.Ok, Look(InSession).Level);
    }

    [Fact]
    public void Look_WhereFilesDisagree_TakesTheOneThatCountsForSystemd()
    {
        _system.With("/usr/lib/systemd/logind.conf", "KillUserProcesses=no")
            .With("/etc/systemd/logind.conf", "KillUserProcesses=no")
            .With("/usr/lib/systemd/logind.conf.d/20-distribution.conf", "KillUserProcesses=no")
            .With("/usr/lib/systemd/logind.conf.d/30-policy.conf", "KillUserProcesses=no")
            .With("/etc/systemd/logind.conf.d/30-policy.conf", "KillUserProcesses=yes");

        Assert.Equal(Level.Problem, Look(InSession).Level);
    }

    [Fact]
    public void Look_BelowAServiceManagerThatEndsWithTheLogin_IsAProblem()
    {
        var finding = Look(InManager);

        Assert.Equal((Level.Problem, "Say 'loginctl enable-linger alice'."), (finding.Level, finding.Remedy));
        _system.With("/var/lib/systemd/linger/alice", "");
        Assert.Equal(Level.Ok, Look(InManager).Level);
    }

    [Fact]
    public void Look_InAServiceOfTheSystem_IsOk()
    {
        _system.With("/etc/systemd/logind.conf", "KillUserProcesses=yes");

        Assert.Equal(Level.Ok, Look(InService).Level);
    }

    [Fact]
    public void Look_WithoutSystemd_IsOk()
    {
        using var system = new PretendedSystem().With("/etc/systemd/logind.conf", "KillUserProcesses=yes").With($"/proc/{Pid}/cgroup", InSession);

        Assert.Contains("No systemd runs here", LogoutCheck.Look(system.Files, Pid, "alice").Says);
    }

    public void Dispose() => _system.Dispose();

    private Finding Look(string group) => LogoutCheck.Look(_system.With($"/proc/{Pid}/cgroup", group).Files, Pid, "alice");
}
