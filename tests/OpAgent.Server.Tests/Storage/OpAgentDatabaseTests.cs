using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Tests.Storage;

public sealed class OpAgentDatabaseTests
{
    [Fact]
    public async Task Open_TheNextTime_FindsWhatWasThere()
    {
        await using var host = await HostFixture.StartAsync();
        var workspace = await host.OpenAsync();
        var realm = host.Services.GetRequiredService<OpAgentDatabase>().Realm;

        await host.StopHostAsync();
        await host.StartHostAsync();

        Assert.Equal(realm, host.Services.GetRequiredService<OpAgentDatabase>().Realm);
        Assert.Equal(workspace, (await host.GetAsync("workspaces")).GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Host_WhoseRuntimeWasSetUpAnew_KeepsItsWorkspaces()
    {
        await using var host = await HostFixture.StartAsync();
        var workspace = await host.OpenAsync();

        await host.Runtime.CrashAsync();
        host.Runtime.MachineId = "machine-2";
        host.Runtime.Workspaces.Clear();
        await host.Runtime.StartAsync();

        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Workspaces.ContainsKey("/srv/docs")), "the workspace is opened at the new runtime");
        await HostFixture.UntilAsync(
            async () => (await host.GetAsync($"workspaces/{workspace}")).GetProperty("exists").GetBoolean(), "the workspace is found under the new machine");
        Assert.False((await host.GetAsync($"workspaces/{workspace}")).GetProperty("trusted").GetBoolean());
    }
}
