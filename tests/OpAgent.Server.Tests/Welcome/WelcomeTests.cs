using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Core.Problems;
using OpAgent.Server.Machines;
using OpAgent.Server.Welcome;

namespace OpAgent.Server.Tests.Welcome;

public sealed class WelcomeTests
{
    private const string Place = "/home/alice/Documents/OpAgent/welcome";

    [Fact]
    public async Task SetUp_WhereAgentsWouldGetFullRights_LeavesTheTrustToThePerson()
    {
        await using var host = await HostFixture.StartAsync(fixture => fixture.Runtime.Sandbox = "bubblewrap is not installed there");

        using var browser = await host.SetUpAsync();

        Assert.False(Assert.Single((await host.GetAsync("workspaces")).GetProperty("items").EnumerateArray()).GetProperty("trusted").GetBoolean());
    }

    [Fact]
    public async Task SetUp_OfANewHost_MakesTheWelcomeWorkspaceInTheDocuments()
    {
        await using var host = await HostFixture.StartAsync();

        using var browser = await host.SetUpAsync();

        var workspace = Assert.Single((await host.GetAsync("workspaces")).GetProperty("items").EnumerateArray());
        Assert.Equal((Place, true), (workspace.GetProperty("path").GetString(), workspace.GetProperty("trusted").GetBoolean()));
        Assert.Equal("agent: librarian\n", Text(host, ".opagent/workspace.yaml"));
        Assert.Equal("agent: proofreader\n", Text(host, "drafts/.opagent/workspace.yaml"));
        Assert.Equal(WelcomeFiles.Paths.Order(), host.Runtime.Files.Keys.Order());
    }

    [Fact]
    public async Task SetUp_OfAHostWithWorkspaces_MakesNothing()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync("/srv/docs");

        using var browser = await host.SetUpAsync();

        Assert.Single((await host.GetAsync("workspaces")).GetProperty("items").EnumerateArray());
        Assert.Empty(host.Runtime.Files);
    }

    [Fact]
    public async Task SetUp_WhoseDirectoryWasThere_WritesOverNothingAndTrustsNothing()
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Made[Place] = true;
        host.Runtime.Files[".opagent/workspace.yaml"] = "agent: ./somebody"u8.ToArray();

        using var browser = await host.SetUpAsync();

        var workspace = Assert.Single((await host.GetAsync("workspaces")).GetProperty("items").EnumerateArray());
        Assert.False(workspace.GetProperty("trusted").GetBoolean());
        Assert.Equal("agent: ./somebody", Text(host, ".opagent/workspace.yaml"));
        Assert.StartsWith("# Welcome", Text(host, "README.md"));
    }

    [Fact]
    public async Task Closed_AndStartedAgain_DoesNotComeBackUntilItIsAskedFor()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        var id = (await host.GetAsync("workspaces")).GetProperty("items")[0].GetProperty("id").GetString();
        await HostFixture.ReadAsync(await host.Owner.DeleteAsync($"workspaces/{id}", HostFixture.Cancellation));
        host.Runtime.Files["README.md"] = "mine"u8.ToArray();

        await host.StopHostAsync();
        await host.StartHostAsync();
        var afterTheStart = (await host.GetAsync("workspaces")).GetProperty("items").GetArrayLength();
        var opened = await host.Services.GetRequiredService<WelcomeWorkspace>().OpenAsync(HostFixture.Cancellation);

        Assert.Equal(0, afterTheStart);
        Assert.True(WelcomeWorkspace.Is(opened));
        Assert.False(opened.Trusted);
        Assert.Equal("mine", Text(host, "README.md"));
    }

    [Fact]
    public async Task KillAgent_OfAConversation_SignalsItsAgentAlone()
    {
        await using var host = await HostFixture.StartAsync();
        var (killed, other) = ($"{Guid.CreateVersion7()}", $"{Guid.CreateVersion7()}");
        host.Runtime.Processes.Enqueue(new() { Pid = 11, Conversation = other, SessionLeader = true });
        host.Runtime.Processes.Enqueue(new() { Pid = 13, Conversation = killed });
        host.Runtime.Processes.Enqueue(new() { Pid = 12, Conversation = killed, SessionLeader = true });
        var processes = host.Services.GetRequiredService<ProcessControl>();

        await processes.KillAgentAsync(killed, HostFixture.Cancellation);

        var signal = Assert.Single(host.Runtime.Signals);
        Assert.Equal((12, 9), (signal.Pid, signal.Signal));
        await Assert.ThrowsAsync<ProblemException>(() => processes.KillAgentAsync($"{Guid.CreateVersion7()}", HostFixture.Cancellation));
    }

    private static string Text(HostFixture host, string path) => Encoding.UTF8.GetString(host.Runtime.Files[path]);
}
