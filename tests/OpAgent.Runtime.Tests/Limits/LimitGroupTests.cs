using OpAgent.Core.Bindings;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Tests.Limits;

/// <summary>Against a plain directory, which keeps what is written into it.</summary>
public sealed class LimitGroupTests : IDisposable
{
    private static readonly ResolvedLimits Both = new() { Memory = new(2L << 30, "a.yaml", 3), Processes = new(64, "a.yaml", 4) };

    private readonly TemporaryDirectory _temporary = new();

    private LimitGroup Group => new(new ControlGroup(_temporary.Path), isOwn: false);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Set_MemoryAndProcesses_TellsTheKernel()
    {
        Group.Set(Both);

        Assert.Equal(("2147483648", "1", "2048"), (Read("memory.max"), Read("memory.oom.group"), Read("pids.max")));
    }

    [Fact]
    public void Set_NothingAnyMore_TakesTheLimitsBack()
    {
        Group.Set(Both);
        Group.Set(new ResolvedLimits());

        Assert.Equal(("max", "0", "max"), (Read("memory.max"), Read("memory.oom.group"), Read("pids.max")));
    }

    [Theory]
    [InlineData("low 0\nmax 9\noom 1\noom_kill 0\n", "max 0\n", null)]
    [InlineData("oom 1\noom_kill 2\noom_group_kill 1\n", "max 3\n", "memory has reached the limit 2 GiB (a.yaml:3)")]
    [InlineData("oom_kill 0\n", "max 3\n", "processes have reached the limit 64 (a.yaml:4)")]
    public void FindBreach_Events_IsWhatTheKernelTellsOf(string memory, string pids, string? expected)
    {
        _temporary.Write("memory.events", memory);
        _temporary.Write("pids.events", pids);

        Assert.Equal(expected, Group.FindBreach(Both)?.Text);
        Assert.Null(Group.FindBreach(new ResolvedLimits()));
    }

    private string Read(string file) => File.ReadAllText(_temporary[file]);
}
