using System.Text;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes.Tests;

/// <summary>Standing still for the next program.</summary>
// One supervisor at a time: each reaps every child of the process.
[Collection(nameof(ProcessSupervisor))]
public sealed class HoldTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ProcessSupervisor _supervisor = new();

    public void Dispose() => _supervisor.Dispose();

    [Fact]
    public async Task Hold_WhileAProcessEnds_ItIsReapedAfterTheRelease()
    {
        await using var child = await StartAsync("read line; exit 7");
        _supervisor.Hold();

        await child.StandardInput.WriteAsync("go\n"u8.ToArray(), TestContext.Current.CancellationToken);
        while (ProcessStatus.Read(child.Pid) is not { State: 'Z' }) await Task.Yield();
        var (wasTold, children) = (child.Exited.IsCompleted, _supervisor.Children);
        _supervisor.Release();

        Assert.Equal((false, 1), (wasTold, children));
        Assert.Equal(new ProcessExit(7, null), await child.Exited.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(0, _supervisor.Children);
    }

    [Fact]
    public async Task Hold_InTheMiddleOfAWrite_CountsWhatPassedAndTheReleaseLetsTheRestGo()
    {
        await using var child = await StartAsync("read line; exec cat");
        var sent = new byte[1_000_000];
        Random.Shared.NextBytes(sent);
        sent[0] = (byte)'\n';
        var writing = child.StandardInput.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        var received = new MemoryStream();
        var buffer = new byte[4096];
        await received.WriteAsync(buffer.AsMemory(0, await child.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);

        var (written, read) = (child.StandardInput.Hold(), child.StandardOutput.Hold());
        var reading = child.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask();
        Assert.Equal((written, read), (child.StandardInput.Hold(), child.StandardOutput.Hold()));
        Assert.Equal(received.Length, read);
        Assert.InRange(written, 1, sent.Length - 1);
        Assert.False(reading.IsCompleted || writing.IsCompleted);
        child.StandardInput.Release();
        child.StandardOutput.Release();
        received.Write(buffer, 0, await reading.WaitAsync(Limit, TestContext.Current.CancellationToken));
        while (received.Length < sent.Length - 1) received.Write(buffer, 0, await child.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken));
        await writing.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(sent[1..], received.ToArray());
    }

    [Fact]
    public async Task Adopt_OfAProcessThatIsNoChild_IsRefused()
    {
        await using var child = await StartAsync("exec sleep 1000");
        var known = child.HandOver();

        Assert.Throws<IOException>(() => _supervisor.Adopt(known with { StartTicks = known.StartTicks + 1 }));
        Assert.Throws<IOException>(() => _supervisor.Adopt(known with { SpawnedPid = 1 }));
        Assert.Equal(1, _supervisor.Children);
    }

    [Fact]
    public async Task ReplaceProgram_ByOneThatIsNotThere_SaysWhyAndKeepsTheChildren()
    {
        await using var child = await StartAsync("exec cat");

        var error = await _supervisor.ReplaceProgramAsync("/nowhere", [], [.. child.HandOver().Descriptors()]);

        Assert.Equal(LibC.ENOENT, error.Errno);
        await child.StandardInput.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[10];
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, await child.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken)));
    }

    private Task<ChildProcess> StartAsync(string script) => _supervisor.StartAsync(new ProcessSpec("/bin/sh", ["-c", script], "/tmp", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }));
}
