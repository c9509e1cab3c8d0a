using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OpAgent.Server.Machines;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Tests.Machines;

public sealed class RuntimeLauncherTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task Start_OfAProgram_RunsACopyOfIt()
    {
        using var temporary = new TemporaryDirectory();
        var launcher = Launcher(temporary, "printf '%s\\n' \"$0\" \"$*\" \"$OPAGENT_RUNTIME_HOME\" > \"$OPAGENT_RUNTIME_HOME.said\"");

        await launcher.StartAsync(HostFixture.Cancellation);

        var said = await File.ReadAllLinesAsync(temporary["data/runtime.said"], HostFixture.Cancellation);
        Assert.StartsWith(temporary["data/programs/program-"], said[0]);
        Assert.Equal(["serve --detach", temporary["data/runtime"]], said[1..]);
    }

    [Theory]
    [InlineData("echo 'no room on the disk' >&2; exit 7", "exit code 7: no room on the disk")]
    [InlineData("exit 1", "exit code 1")]
    public async Task Start_OfAProgramThatFails_SaysWhatItSaid(string script, string expected)
    {
        using var temporary = new TemporaryDirectory();

        var exception = await Assert.ThrowsAsync<RuntimeUnreachableException>(() => Launcher(temporary, script).StartAsync(HostFixture.Cancellation));

        Assert.EndsWith(expected, exception.Message);
    }

    [Fact]
    public async Task Start_OfAProgramThatCannotRun_SaysSo()
    {
        using var temporary = new TemporaryDirectory();
        var launcher = Launcher(temporary, "exit 0");
        File.SetUnixFileMode(temporary["program/runtime"], UnixFileMode.UserRead);

        var exception = await Assert.ThrowsAsync<RuntimeUnreachableException>(() => launcher.StartAsync(HostFixture.Cancellation));

        Assert.Contains("cannot be started", exception.Message);
    }

    [Fact]
    public void Make_OfTheSameProgram_IsTheSameCopy()
    {
        using var temporary = new TemporaryDirectory();
        temporary.Write("program/a", "1");
        temporary.Write("program/sub/b", "2");
        var copies = temporary["copies"];

        var first = ProgramCopy.Make(temporary["program"], copies);
        var second = ProgramCopy.Make(temporary["program"], copies);
        temporary.Write("program/sub/b", "3");
        var changed = ProgramCopy.Make(temporary["program"], copies);
        File.Move(temporary["program/a"], temporary["program/c"]);
        var renamed = ProgramCopy.Make(temporary["program"], copies);

        Assert.Equal(first, second);
        Assert.Equal(3, new[] { first, changed, renamed }.Distinct().Count());
        Assert.Equal(("2", "3"), (File.ReadAllText(Path.Combine(first, "sub/b")), File.ReadAllText(Path.Combine(changed, "sub/b"))));
        Assert.Equal(3, Directory.GetFileSystemEntries(copies).Length);
    }

    [Fact]
    public async Task Start_OfANewerProgram_RemovesOldCopiesThatNothingRunsFrom()
    {
        using var temporary = new TemporaryDirectory();
        await Launcher(temporary, "exit 0").StartAsync(HostFixture.Cancellation);
        var unused = Directory.GetDirectories(temporary["data/programs"]).Single();
        var used = Directory.CreateDirectory(temporary["data/programs/program-used"]).FullName;
        File.Copy("/bin/sleep", Path.Combine(used, "runtime"));
        using var running = Process.Start(Path.Combine(used, "runtime"), "600");
        try
        {
            await Launcher(temporary, "# newer\nexit 0").StartAsync(HostFixture.Cancellation);
        }
        finally
        {
            running.Kill();
        }

        Assert.False(Directory.Exists(unused));
        Assert.True(File.Exists(Path.Combine(used, "runtime")));
        Assert.Equal(2, Directory.GetDirectories(temporary["data/programs"]).Length);
    }

    private static RuntimeLauncher Launcher(TemporaryDirectory temporary, string script)
    {
        temporary.Write("program/runtime", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(temporary["program/runtime"], Executable);
        Directory.CreateDirectory(temporary["data"]);
        return new(new DataDirectory(temporary["data"]), new LocalProgram(temporary["program"], "runtime"), TimeProvider.System, NullLogger<RuntimeLauncher>.Instance);
    }
}
