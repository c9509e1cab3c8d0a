using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Packages;

public sealed class BundledAgentTests
{
    [Fact]
    public async Task Host_ThatStarts_BringsItsAgentsBeforeAnyIsLookedUp()
    {
        var mayInstall = new TaskCompletionSource();
        await using var host = await HostFixture.StartAsync(fixture =>
        {
            PackageTests.WritePackage(fixture.Temporary, "agents/writer");
            fixture.Runtime.MayInstall = mayInstall.Task;
        });
        var workspace = await host.OpenAsync();

        var creating = host.PostAsync($"workspaces/{workspace}/conversations", new { agent = "writer" });
        Assert.False(creating.IsCompleted || host.Runtime.Conversations.Count > 0);
        mayInstall.SetResult();
        await creating;

        Assert.Equal("writer", (await host.GetAsync("agents")).GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Host_WithABrokenAgent_BringsTheOthers()
    {
        await using var host = await HostFixture.StartAsync(fixture =>
        {
            fixture.Temporary.Write("agents/broken/agent.json", "{}");
            PackageTests.WritePackage(fixture.Temporary, "agents/writer");
        });

        Assert.Equal(["writer"], (await host.GetAsync("agents")).GetProperty("items").EnumerateArray().Select(agent => agent.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("1.0.0", "other", "1.0.0", true)]
    [InlineData("0.9.0", "other", "0.9.0", true)]
    [InlineData("0.9.0", "other", "1.0.0 0.9.0", false)]
    public async Task Host_ThatFindsAnotherVersion_RespectsAChoice(string active, string digest, string versions, bool installs)
    {
        await using var host = await HostFixture.StartAsync(fixture =>
        {
            PackageTests.WritePackage(fixture.Temporary, "agents/writer");
            fixture.Runtime.Packages["writer"] = (new Package { Id = "writer", Version = active, Digest = digest, Versions = { versions.Split(' ') } }, []);
        });

        await host.GetAsync("agents");

        Assert.Equal(installs ? "1.0.0" : active, host.Runtime.Packages["writer"].Package.Version);
        Assert.Equal(installs, host.Runtime.Packages["writer"].Tar.Length > 0);
    }

    [Fact]
    public async Task Host_ThatStartsAgain_SendsNothingTwice()
    {
        await using var host = await HostFixture.StartAsync(fixture => PackageTests.WritePackage(fixture.Temporary, "agents/writer"));
        await host.GetAsync("agents");
        var tar = host.Runtime.Packages["writer"].Tar;

        await host.StopHostAsync();
        await host.StartHostAsync();
        await host.GetAsync("agents");

        Assert.Same(tar, host.Runtime.Packages["writer"].Tar);
    }
}
