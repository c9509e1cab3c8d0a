using System.Net.Http.Json;

namespace OpAgent.Server.Tests.Machines;

public sealed class MachineTests
{
    [Fact]
    public async Task Get_OfTheLocalMachine_SaysHowItIs()
    {
        await using var host = await HostFixture.StartAsync();

        var listed = (await host.GetAsync("machines")).GetProperty("items")[0];
        var byId = await host.GetAsync("machines/machine-1");

        Assert.Equal(("local", "machine-1", "online", "build-1"), (listed.GetProperty("name").GetString(), listed.GetProperty("id").GetString(), listed.GetProperty("state").GetString(), listed.GetProperty("hostName").GetString()));
        Assert.Equal("local", byId.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Directories_OfAMachine_AreListedByName()
    {
        await using var host = await HostFixture.StartAsync();

        var listing = await host.GetAsync("machines/local/directories?path=/home/alice");

        Assert.Equal(("/home/alice", "/home"), (listing.GetProperty("path").GetString(), listing.GetProperty("parent").GetString()));
        Assert.Equal(["code", "notes"], listing.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Request_WhileTheRuntimeCannotBeStarted_SaysWhyAndWhatToDo()
    {
        await using var host = await HostFixture.StartAsync();
        await host.Runtime.CrashAsync();

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("workspaces", new { path = "/srv/docs" }, HostFixture.Cancellation));
        var machine = await host.GetAsync("machines/local");

        Assert.Equal((503, "machine-unavailable"), (problem.Status, problem.Type));
        Assert.Contains("no-program", problem.Detail);
        Assert.Contains("build or install OpAgent completely", problem.Detail);
        Assert.Equal("offline", machine.GetProperty("state").GetString());
        Assert.Contains("no-program", machine.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Request_OnceTheRuntimeIsBack_IsAnswered()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();

        await host.Runtime.CrashAsync();
        await host.Runtime.StartAsync();

        await host.OpenAsync("/srv/code");
        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Changes.Listeners == 1), "the host watches again");
        Assert.Equal(2, host.Runtime.Workspaces.Count);
    }

    [Fact]
    public async Task Processes_OfSessions_AreListed()
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Processes.Enqueue(new() { Pid = 20, Parent = 10, Command = "sleep 1", State = "S", Started = 1 });
        host.Runtime.Processes.Enqueue(new() { Pid = 10, Parent = 1, Conversation = "c", Agent = "echo@1.0.0", Command = "echo", State = "R", Started = 1, SessionLeader = true, MemoryBytes = 5 });

        var processes = (await host.GetAsync("processes")).GetProperty("items");

        Assert.Equal([10, 20], processes.EnumerateArray().Select(process => process.GetProperty("pid").GetInt32()));
        Assert.Equal(("c", true, 5), (processes[0].GetProperty("conversation").GetString(), processes[0].GetProperty("sessionLeader").GetBoolean(), processes[0].GetProperty("memoryBytes").GetInt64()));
    }
}
