using System.Text;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes.Tests;

[Collection(nameof(ProcessSupervisor))]
public sealed class ProcessSupervisorTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ProcessSupervisor _supervisor = new();

    public void Dispose() => _supervisor.Dispose();

    [Fact]
    public async Task StartAsync_Program_HasItsOwnSessionAndOnlyTheGivenEnvironment()
    {
        await using var child = await StartAsync("env; echo cwd=$PWD; ps -o sid=,pgid= -p $$ 2>/dev/null || cut -d' ' -f5,6 /proc/$$/stat", new() { ["PATH"] = "/usr/bin:/bin", ["MINE"] = "ünïcode" });

        var output = await ReadToEndAsync(child.StandardOutput);

        Assert.Contains("MINE=ünïcode", output);
        Assert.Contains("cwd=/tmp", output);
        Assert.DoesNotContain("HOME=", output);
        Assert.Equal([child.Pid, child.Pid], output.TrimEnd().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
        Assert.Equal(new ProcessExit(0, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("exit 7", 7, null)]
    [InlineData("kill -9 $$", null, 9)]
    public async Task Exited_TellsCodeOrSignal(string script, int? code, int? signal)
    {
        await using var child = await StartAsync(script);

        Assert.Equal(new ProcessExit(code, signal), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StandardInput_EchoedByCat_ComesBackWhole()
    {
        await using var child = await StartAsync("exec cat");
        var sent = new byte[3_000_000];
        Random.Shared.NextBytes(sent);
        var reading = ReadBytesAsync(child.StandardOutput);

        await child.StandardInput.WriteAsync(sent, TestContext.Current.CancellationToken);
        child.StandardInput.Dispose();

        Assert.Equal(sent, await reading.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WriteAsync_ToAProcessThatDoesNotRead_WaitsAndCanBeCancelled()
    {
        await using var child = await StartAsync("exec sleep 1000");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writing = child.StandardInput.WriteAsync(new byte[1_000_000], cancel.Token).AsTask();

        Assert.False(writing.IsCompleted);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Limit, TestContext.Current.CancellationToken));
        child.Signal(LibC.SIGKILL);
    }

    [Fact]
    public async Task StopAsync_IgnoresStdinButNotTerm_EndsByTerm()
    {
        await using var child = await StartAsync("sleep 1000 & wait");

        Assert.Equal(LibC.SIGTERM, (await child.StopAsync().WaitAsync(Limit, TestContext.Current.CancellationToken)).Signal);
    }

    [Fact]
    public async Task StopAsync_ChildInTheSameGroup_IsEndedToo()
    {
        await using var child = await StartAsync("sleep 1000 & echo $!; read line; exit 0");
        var grandchild = int.Parse(await ReadLineAsync(child.StandardOutput));

        await child.StopAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);

        while (ProcessStatus.Read(grandchild) is { State: not 'Z' }) await Task.Yield();
    }

    [Fact]
    public async Task Orphan_OfAnEndedProcess_BecomesOurChildAndIsReaped()
    {
        await using var child = await StartAsync("(setsid sleep 0.05 & echo $!)");
        var orphan = int.Parse(await ReadLineAsync(child.StandardOutput));
        await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken);

        while (ProcessStatus.Read(orphan) is not null) await Task.Yield();
    }

    [Fact]
    public async Task StartAsync_ProgramThatIsNotThere_Fails()
    {
        var spec = new ProcessSpec("/no/such/program", [], "/tmp", new Dictionary<string, string>());
        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var child = await _supervisor.StartAsync(spec);
            Assert.Equal(127, (await child.Exited).Code);
        });

        Assert.True(failure is null or PosixException, $"{failure}");
    }

    [Fact]
    public async Task ReadAsync_AfterDispose_IsAtItsEnd()
    {
        await using var child = await StartAsync("exec sleep 1000");
        var reading = child.StandardOutput.ReadAsync(new byte[10], TestContext.Current.CancellationToken).AsTask();

        child.StandardOutput.Dispose();

        Assert.Equal(0, await reading.WaitAsync(Limit, TestContext.Current.CancellationToken));
        child.Signal(LibC.SIGKILL);
    }

    private Task<ChildProcess> StartAsync(string script, Dictionary<string, string>? environment = null) =>
        _supervisor.StartAsync(new ProcessSpec("/bin/sh", ["-c", script], "/tmp", environment ?? new() { ["PATH"] = "/usr/bin:/bin" }));

    private static async Task<byte[]> ReadBytesAsync(Stream stream)
    {
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return buffer.ToArray();
    }

    private static async Task<string> ReadToEndAsync(Stream stream) => Encoding.UTF8.GetString(await ReadBytesAsync(stream));

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString();
    }
}
