using System.Diagnostics;

namespace OpAgent.Tests.Deployment;

/// <summary>What the systemd units promise.</summary>
public sealed class UnitFileTests : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("opagent-").FullName;

    [Fact]
    public async Task Units_WithThisBuildInstalled_AreWhatSystemdExpects()
    {
        foreach (var unit in new[] { UnitFile.Host, UnitFile.Runtime })
        {
            var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "deploy", unit.Name), CommandLine.Cancellation);
            await File.WriteAllTextAsync(Path.Combine(_temporary, unit.Name), text.Replace(UnitFile.Installation, AppContext.BaseDirectory, StringComparison.Ordinal), CommandLine.Cancellation);
        }

        var start = new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", $"./{UnitFile.Host.Name}", $"./{UnitFile.Runtime.Name}"])
        {
            WorkingDirectory = _temporary, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var verify = Process.Start(start)!;
        var said = await verify.StandardError.ReadToEndAsync(CommandLine.Cancellation) + await verify.StandardOutput.ReadToEndAsync(CommandLine.Cancellation);
        await verify.WaitForExitAsync(CommandLine.Cancellation).WaitAsync(CommandLine.Limit, CommandLine.Cancellation);

        // It says what it does not understand, and ends well all the same.
        Assert.Equal((0, ""), (verify.ExitCode, said));
    }

    [Fact]
    public void HostUnit_WhenItEnds_TakesNothingAlong()
    {
        Assert.Equal("StartRuntime=false", UnitFile.Host["Environment"]);
        Assert.Contains(UnitFile.Runtime.Name.Replace("@", "@%i", StringComparison.Ordinal), UnitFile.Host["Wants"]);
        Assert.Contains(UnitFile.Runtime.Name.Replace("@", "@%i", StringComparison.Ordinal), UnitFile.Host["After"]);
        Assert.Empty(UnitFile.Host.Keys.Concat(UnitFile.Runtime.Keys).Intersect(["Requires", "Requisite", "BindsTo", "PartOf", "Upholds", "Conflicts", "PropagatesStopTo", "StopPropagatedFrom", "Slice", "JoinsNamespaceOf"]));
        Assert.DoesNotContain("opagent@", UnitFile.Runtime["After"] + UnitFile.Runtime["Wants"]);
    }

    [Fact]
    public void RuntimeUnit_WhenItStops_LetsTheRuntimeEndItsAgentsFirst()
    {
        Assert.Equal("mixed", UnitFile.Runtime["KillMode"]);
        Assert.True(int.Parse(UnitFile.Runtime["TimeoutStopSec"]) >= 30);
    }

    [Fact]
    public void RuntimeUnit_WhenAnAgentTakesTooMuch_GoesOn()
    {
        Assert.Equal("continue", UnitFile.Runtime["OOMPolicy"]);
        Assert.Equal("yes", UnitFile.Runtime["Delegate"]);
        Assert.True(int.Parse(UnitFile.Runtime["TasksMax"]) > 1000);
    }

    [Fact]
    public void Units_OfAnyUser_RunAsThatUserWithoutNewPrivileges()
    {
        foreach (var unit in new[] { UnitFile.Host, UnitFile.Runtime })
        {
            Assert.Equal("%i", unit["User"]);
            Assert.Equal("yes", unit["NoNewPrivileges"]);
            Assert.Equal("on-failure", unit["Restart"]);
        }
    }

    [Fact]
    public void HostUnit_WhereStartingAgainIsOfNoUse_DoesNot() => Assert.Equal($"{ExitCode.Usage} {ExitCode.HostRuns}", UnitFile.Host["RestartPreventExitStatus"]);

    [Fact]
    public void HostUnit_OnTheFirstStart_KeepsTheOwnersLinkOutOfTheJournal() => Assert.Equal("null", UnitFile.Host["StandardOutput"]);

    public void Dispose() => Directory.Delete(_temporary, recursive: true);
}
