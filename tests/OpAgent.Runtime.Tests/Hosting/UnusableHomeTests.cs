using System.Diagnostics;

namespace OpAgent.Runtime.Tests.Hosting;

/// <summary>Homes that the real daemon refuses, with real disks and another user.</summary>
public sealed class UnusableHomeTests : IDisposable
{
    // Somebody without a name, who owns nothing.
    private const int Nobody = 65534;

    private readonly TemporaryDirectory _directory = new();

    private string Home => _directory["home"];

    [Theory]
    [InlineData("serve")]
    [InlineData("serve --detach")]
    public async Task Serve_OnAReadOnlyDisk_SaysSo(string command) =>
        IsRefused(await OnADiskAsync("until mount -o remount,ro disk \"$HOME_PATH\" 2>/dev/null; do :; done # the daemon may still be ending", command), "its file system is read-only");

    [Theory]
    [InlineData("serve")]
    [InlineData("serve --detach")]
    public async Task Serve_OnAFullDisk_SaysSo(string command) =>
        IsRefused(await OnADiskAsync("head -c 1M /dev/zero >\"$HOME_PATH/sessions/full\" 2>/dev/null || true", command), "its disk is full");

    [Fact]
    public async Task Serve_ForTheFirstTimeOnAReadOnlyDisk_SaysSo() =>
        IsRefused(await InNamespaceAsync("mount -t tmpfs -o ro,mode=700 disk \"$HOME_PATH\" && exec \"$PROGRAM\" serve"), "its file system is read-only");

    [Fact]
    public async Task Serve_InAHomeOfSomebodyElse_SaysWhose()
    {
        var home = Home;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", [$"{Nobody}", Directory.CreateDirectory(home).FullName]);
        else home = "/usr/lib";
        var before = Directory.GetFileSystemEntries(home);

        var (exit, said) = await RunAsync(RuntimeFixture.Program, ["serve"], home);

        Assert.Equal(1, exit);
        Assert.Contains($"The runtime home {home} cannot be used: it belongs to user", said);
        Assert.Equal(before, Directory.GetFileSystemEntries(home));
    }

    [Fact]
    public async Task Serve_WhereAnotherLives_SaysSoAndTouchesNothing()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        var before = Snapshot(runtime.Home);

        var (exit, said) = await RunAsync(RuntimeFixture.Program, ["serve"], runtime.Home);

        Assert.Equal(3, exit);
        Assert.Contains($"another runtime already serves {runtime.Home}. Use it, or stop it with 'opagent-runtime stop'.", said);
        Assert.Equal(before, Snapshot(runtime.Home));
    }

    public void Dispose() => _directory.Dispose();

    private static string[] Snapshot(string home) => [.. Directory.GetFileSystemEntries(home).Select(entry => $"{entry} {File.GetLastWriteTimeUtc(entry):O}").Order(StringComparer.Ordinal)];

    private void IsRefused((int Exit, string Said) run, string reason)
    {
        Assert.True(run.Exit == 1, $"It ended with {run.Exit}: {run.Said}");
        Assert.Contains($"opagent-runtime: The runtime home {Home} cannot be used: {reason}", run.Said);
        Assert.Contains("set OPAGENT_RUNTIME_HOME to another directory", run.Said);
        Assert.DoesNotContain("   at ", run.Said);
    }

    /// <summary>Has a runtime live on a disk of its own and end, does something to the disk, and runs it again: nothing that was there may be gone.</summary>
    private Task<(int Exit, string Said)> OnADiskAsync(string change, string command) => InNamespaceAsync($"""
        mount -t tmpfs -o size=256k,mode=700 disk "$HOME_PATH"
        "$PROGRAM" serve --detach && "$PROGRAM" stop
        {change}
        names() (cd "$HOME_PATH" && find . -type f ! -name full -exec cksum {"{}"} + | sort)
        before=$(names)
        code=0
        "$PROGRAM" {command} || code=$?
        [ "$before" = "$(names)" ] || exit 99
        exit $code
        """);

    /// <summary>Runs a script that may mount: as root of a user namespace, in which this user is root.</summary>
    private async Task<(int Exit, string Said)> InNamespaceAsync(string script)
    {
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await RunAsync("unshare", ["--user", "--map-root-user", "--mount", "sh", "-ec", script], Home);
    }

    private static async Task<(int Exit, string Said)> RunAsync(string program, string[] arguments, string? home = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (home is not null) (start.Environment["OPAGENT_RUNTIME_HOME"], start.Environment["HOME_PATH"], start.Environment["PROGRAM"]) = (home, home, RuntimeFixture.Program);
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(RuntimeFixture.Cancellation);
        var output = process.StandardOutput.ReadToEndAsync(RuntimeFixture.Cancellation);
        try
        {
            await process.WaitForExitAsync(RuntimeFixture.Cancellation).WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation);
            await output;
            return (process.ExitCode, await said);
        }
        finally
        {
            // One that took the home after all.
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
