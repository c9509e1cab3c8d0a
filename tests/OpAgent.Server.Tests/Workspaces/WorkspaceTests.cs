using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Workspaces;

public sealed class WorkspaceTests
{
    [Fact]
    public async Task Open_TheSameDirectoryAgain_AnswersWithTheSameWorkspace()
    {
        await using var host = await HostFixture.StartAsync();

        var first = await host.Owner.PostAsJsonAsync("workspaces", new { machine = "local", path = "/srv/docs" }, HostFixture.Cancellation);
        var second = await host.Owner.PostAsJsonAsync("workspaces", new { path = "/srv/docs/", trust = true }, HostFixture.Cancellation);

        var (one, two) = (await HostFixture.ReadAsync(first), await HostFixture.ReadAsync(second));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal($"/api/v1/workspaces/{one.GetProperty("id").GetString()}", first.Headers.Location?.ToString());
        Assert.Equal(one.GetProperty("id").GetString(), two.GetProperty("id").GetString());
        Assert.Equal(("local", "/srv/docs", "docs"), (two.GetProperty("machine").GetString(), two.GetProperty("path").GetString(), two.GetProperty("name").GetString()));
        Assert.Equal((false, true), (one.GetProperty("trusted").GetBoolean(), two.GetProperty("trusted").GetBoolean()));
    }

    [Fact]
    public async Task Open_TheSameDirectoryAtOnce_MakesOneWorkspace()
    {
        await using var host = await HostFixture.StartAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.OpenAsync()));

        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Trust_OfAWorkspace_IsKept()
    {
        await using var host = await HostFixture.StartAsync();
        var id = await host.OpenAsync();

        await host.PostAsync($"workspaces/{id}/trust");
        await host.OpenAsync();

        Assert.True((await host.GetAsync($"workspaces/{id}")).GetProperty("trusted").GetBoolean());
    }

    [Fact]
    public async Task Delete_OfAWorkspace_ForgetsItAlsoAtTheRuntime()
    {
        await using var host = await HostFixture.StartAsync();
        var id = await host.OpenAsync();

        var deleted = await host.Owner.DeleteAsync($"workspaces/{id}", HostFixture.Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(host.Runtime.Workspaces);
        Assert.Equal("workspace-not-found", (await HostFixture.ProblemOf(host.Owner.GetAsync($"workspaces/{id}", HostFixture.Cancellation))).Type);
    }

    [Fact]
    public async Task Delete_OfAWorkspaceThatTheRuntimeHasForgotten_Succeeds()
    {
        await using var host = await HostFixture.StartAsync();
        var id = await host.OpenAsync();
        host.Runtime.Workspaces.Clear();

        Assert.False((await host.GetAsync($"workspaces/{id}")).GetProperty("exists").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await host.Owner.DeleteAsync($"workspaces/{id}", HostFixture.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task PutBinding_WithSomeValues_WritesThoseAlone()
    {
        await using var host = await HostFixture.StartAsync();
        var id = await host.OpenAsync();
        host.Runtime.Binding = new ResolvedBinding { Agent = new() { Value = "writer", File = "sub/.opagent/workspace.yaml", Line = 1 } };

        using var response = await host.Owner.PutAsJsonAsync($"workspaces/{id}/binding?path=sub", new { agent = "writer", mode = "" }, HostFixture.Cancellation);

        var binding = await response.Content.ReadFromJsonAsync<JsonElement>(HostFixture.Cancellation);
        Assert.Equal("writer", binding.GetProperty("agent").GetProperty("value").GetString());
        var asked = Assert.Single(host.Runtime.SetBindings);
        Assert.Equal(("/srv/docs", "sub"), (asked.Workspace, asked.Path));
        Assert.Equal([KeyValuePair.Create("agent", "writer"), KeyValuePair.Create("mode", "")], asked.Values.OrderBy(value => value.Key));
    }

    [Fact]
    public async Task Binding_OfADirectory_NamesFileAndLineOfEachValue()
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Binding = new ResolvedBinding 
        {
            Agent = new() { Value = "writer@^1", File = ".opagent/workspace.yaml", Line = 3 },
            Network = new() { Value = "off", File = "/runtime/policy.yaml", Line = 1 },
            Limits = new() { Memory = new() { Value = "2GiB", File = "sub/.opagent/workspace.yaml", Line = 7 } },
        };
        var id = await host.OpenAsync();

        var binding = await host.GetAsync($"workspaces/{id}/binding?path=sub");

        Assert.Equal("""{"value":"writer@^1","from":{"file":".opagent/workspace.yaml","line":3}}""", binding.GetProperty("agent").GetRawText());
        Assert.Equal("""{"value":"off","from":{"file":"/runtime/policy.yaml","line":1}}""", binding.GetProperty("network").GetRawText());
        Assert.Equal("""{"value":"2GiB","from":{"file":"sub/.opagent/workspace.yaml","line":7}}""", binding.GetProperty("limits").GetProperty("memory").GetRawText());
        Assert.Equal(["model", "mode", "sandbox"], NullsOf(binding));
        Assert.Equal(["processes", "openFiles", "turn", "idle", "output"], NullsOf(binding.GetProperty("limits")));
    }

    [Fact]
    public async Task List_InPages_HoldsEveryWorkspaceOnce()
    {
        await using var host = await HostFixture.StartAsync();
        foreach (var i in Enumerable.Range(0, 5)) await host.OpenAsync($"/srv/{i}");

        var read = new List<string>();
        var cursor = "";
        while (true)
        {
            var page = await host.GetAsync($"workspaces?limit=2{cursor}");
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("path").GetString()!));
            if (page.GetProperty("next").GetString() is not { } next) break;
            cursor = $"&cursor={next}";
        }

        Assert.Equal(["/srv/0", "/srv/1", "/srv/2", "/srv/3", "/srv/4"], read);
    }

    private static IEnumerable<string> NullsOf(JsonElement group) => group.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Null).Select(property => property.Name);
}
