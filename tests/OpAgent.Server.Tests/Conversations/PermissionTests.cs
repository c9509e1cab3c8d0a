using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Conversations;

public sealed class PermissionTests
{
    [Fact]
    public async Task List_OfPendingRequests_HoldsWhatTheAgentSaid()
    {
        await using var host = await HostFixture.StartAsync();
        var workspace = await host.OpenAsync();
        host.Runtime.Set(Request("p1"));
        host.Runtime.Set(new(Request("p2")) { State = "answered", Option = "allow_once", By = "alice" });

        var pending = (await host.GetAsync("permissions?state=pending")).GetProperty("items");
        var all = (await host.GetAsync("permissions")).GetProperty("items");

        Assert.Equal((1, 2), (pending.GetArrayLength(), all.GetArrayLength()));
        Assert.Equal(("p1", workspace, "edit a.md"), (pending[0].GetProperty("id").GetString(), pending[0].GetProperty("workspace").GetString(), pending[0].GetProperty("toolCall").GetProperty("title").GetString()));
        Assert.Equal("allow_once", pending[0].GetProperty("options")[0].GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, pending[0].GetProperty("by").ValueKind);
    }

    [Theory]
    [InlineData("{\"option\":\"allow_once\"}", "allow_once", "")]
    [InlineData("{\"optionId\":\"yes-1\"}", "", "yes-1")]
    public async Task Answer_OfAPerson_ReachesTheRuntime(string body, string kind, string optionId)
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Set(Request("p1"));

        var answered = await HostFixture.ReadAsync(await host.Owner.PostAsync("permissions/p1", JsonContent.Create(JsonElement.Parse(body)), HostFixture.Cancellation));
        var again = await HostFixture.ProblemOf(host.Owner.PostAsync("permissions/p1", JsonContent.Create(JsonElement.Parse(body)), HostFixture.Cancellation));

        Assert.Equal("answered", answered.GetProperty("state").GetString());
        Assert.True(host.Runtime.Answers.TryPeek(out var answer));
        Assert.Equal((kind, optionId, Environment.UserName), (answer.Kind, answer.OptionId, answer.By));
        Assert.Equal((409, "permission-resolved"), (again.Status, again.Type));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"option\":\"allow\"}")]
    [InlineData("{\"option\":\"allow_once\",\"optionId\":\"yes-1\"}")]
    public async Task Answer_ThatChoosesNothing_IsRefused(string body)
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Set(Request("p1"));

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsync("permissions/p1", JsonContent.Create(JsonElement.Parse(body)), HostFixture.Cancellation));

        Assert.Equal((400, "invalid-request"), (problem.Status, problem.Type));
        Assert.Empty(host.Runtime.Answers);
    }

    [Fact]
    public async Task List_WithAStateThatIsNone_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();

        Assert.Equal("invalid-request", (await HostFixture.ProblemOf(host.Owner.GetAsync("permissions?state=open", HostFixture.Cancellation))).Type);
        Assert.Equal("permission-not-found", (await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("permissions/none", new { option = "allow_once" }, HostFixture.Cancellation))).Type);
    }

    internal static Permission Request(string id) => new()
    {
        Id = id, Conversation = "c", Turn = "t", State = "pending", Workspace = "/srv/docs", Agent = "echo@1.0.0", Requested = 1,
        ToolCall = ByteString.CopyFromUtf8("""{"toolCallId":"1","title":"edit a.md"}"""),
        Options = ByteString.CopyFromUtf8("""[{"optionId":"yes-1","name":"Yes","kind":"allow_once"}]"""),
    };
}
