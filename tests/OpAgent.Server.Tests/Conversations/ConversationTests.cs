using System.Net;
using System.Net.Http.Json;
using OpAgent.Core.Conversations;

namespace OpAgent.Server.Tests.Conversations;

public sealed class ConversationTests
{
    [Fact]
    public async Task List_WhileOneDirectoryIsGone_HoldsTheOthers()
    {
        await using var host = await HostFixture.StartAsync();
        var gone = await host.OpenAsync("/srv/gone");
        await host.OpenAsync("/srv/docs");
        var conversation = host.Runtime.Add("/srv/docs");
        host.Runtime.Vanished = "/srv/gone";

        var all = await host.GetAsync("conversations");
        var ofGone = await HostFixture.ProblemOf(host.Owner.GetAsync($"conversations?workspace={gone}", HostFixture.Cancellation));

        Assert.Equal(conversation.Id, all.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Equal((404, "directory-not-found"), (ofGone.Status, ofGone.Type));
    }

    [Fact]
    public async Task Create_WithNothing_MakesAConversation()
    {
        await using var host = await HostFixture.StartAsync();
        var workspace = await host.OpenAsync();

        var response = await host.Owner.PostAsync($"workspaces/{workspace}/conversations", null, HostFixture.Cancellation);

        var created = await HostFixture.ReadAsync(response);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/v1/conversations/{created.GetProperty("id").GetString()}", response.Headers.Location?.ToString());
        Assert.Equal((workspace, "idle", 0), (created.GetProperty("workspace").GetString(), created.GetProperty("state").GetString(), created.GetProperty("lastSeq").GetInt64()));
        Assert.StartsWith("/srv/docs/", created.GetProperty("file").GetString());
        Assert.Equal(7, Guid.Parse(created.GetProperty("id").GetString()!).Version);
    }

    [Fact]
    public async Task Create_WithTheSameKey_MakesOneConversation()
    {
        await using var host = await HostFixture.StartAsync();
        var (one, two) = (await host.OpenAsync("/srv/one"), await host.OpenAsync("/srv/two"));

        var first = await CreateAsync(host, one, "key", new { path = "docs", agent = "writer", title = "A" });
        var again = await CreateAsync(host, one, "key", new { path = "docs", agent = "writer", title = "A" });
        var elsewhere = await CreateAsync(host, two, "key", new { title = "A" });
        var other = await HostFixture.ProblemOf(SendAsync(host, $"workspaces/{one}/conversations", "key", new { path = "docs", agent = "writer", title = "B" }));

        Assert.Equal(first, again);
        Assert.NotEqual(first, elsewhere);
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Type));
        Assert.Equal(2, host.Runtime.Conversations.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Create_WithAnEmptyKey_IsRefused(string key)
    {
        await using var host = await HostFixture.StartAsync();

        var problem = await HostFixture.ProblemOf(SendAsync(host, $"workspaces/{await host.OpenAsync()}/conversations", key, new { }));

        Assert.Equal("invalid-request", problem.Type);
    }

    [Fact]
    public async Task Get_OfAConversation_HoldsItsTurnsAsTheFileHasThem()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        var conversation = host.Runtime.Add("/srv/docs", "Tighten the intro");
        var turn = Guid.CreateVersion7();
        conversation.Edit(content => content with
        {
            Turns =
            [
                new Turn(turn, "alice", content.Header.Created) { Blocks = [new TextBlock("Please tighten.")], Attachments = ["intro.md"] },
                new Turn(turn, "echo@1.0.0", content.Header.Created)
                {
                    Stop = "end_turn", In = 812, Out = 377, Cost = 0.0042m,
                    Blocks =
                    [
                        new ThoughtBlock("Hm."), new TextBlock("First."),
                        new ToolBlock("t1", "edit", "completed", "edit intro.md") { Path = "intro.md", Milliseconds = 210, Decision = "alice allow_once" },
                        new PlanBlock([new PlanEntry("Read", "completed")]), new NoticeBlock("agent-exited", "The agent ended."), new TextBlock("Second."),
                    ],
                },
            ],
        });

        var read = await host.GetAsync($"conversations/{conversation.Id}");

        var turns = read.GetProperty("turns");
        Assert.Equal(("Tighten the intro", 2), (read.GetProperty("title").GetString(), turns.GetArrayLength()));
        Assert.Equal((turn, "alice", false, "Please tighten."), (turns[0].GetProperty("id").GetGuid(), turns[0].GetProperty("by").GetString(), turns[0].GetProperty("reply").GetBoolean(), turns[0].GetProperty("text").GetString()));
        Assert.Equal("intro.md", turns[0].GetProperty("attachments")[0].GetString());
        Assert.EndsWith("Z", turns[0].GetProperty("at").GetString());
        Assert.Equal((true, "First.\n\nSecond.", "end_turn"), (turns[1].GetProperty("reply").GetBoolean(), turns[1].GetProperty("text").GetString(), turns[1].GetProperty("stop").GetString()));
        Assert.Equal((812, 377, 0.0042m), (turns[1].GetProperty("in").GetInt64(), turns[1].GetProperty("out").GetInt64(), turns[1].GetProperty("cost").GetDecimal()));
        Assert.Equal(["thought", "text", "tool", "plan", "notice", "text"], turns[1].GetProperty("blocks").EnumerateArray().Select(block => block.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Get_OfABrokenFile_SaysWhatIsBroken()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        conversation.Markdown = "no front matter";

        var read = await host.GetAsync($"conversations/{conversation.Id}");

        Assert.StartsWith("line 1", read.GetProperty("error").GetString());
        Assert.Equal(0, read.GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public async Task List_OfConversations_IsNewestFirstInPages()
    {
        await using var host = await HostFixture.StartAsync();
        var (docs, code) = (await host.OpenAsync("/srv/docs"), await host.OpenAsync("/srv/code"));
        await host.OpenAsync("/srv/docs/inner");
        var ids = new[] { host.Runtime.Add("/srv/docs").Id, host.Runtime.Add("/srv/code").Id, host.Runtime.Add("/srv/docs/inner").Id };

        var all = await host.GetAsync("conversations");
        var first = await host.GetAsync($"conversations?workspace={docs}&limit=1");
        var second = await host.GetAsync($"conversations?workspace={docs}&limit=1&cursor={first.GetProperty("next").GetString()}");

        Assert.Equal(ids.Reverse(), all.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(ids[2], first.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(ids[0], second.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(ids[1], (await host.GetAsync($"conversations?workspace={code}")).GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Fork_OfAConversation_MakesAnother()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        var conversation = host.Runtime.Add("/srv/docs");

        var response = await host.Owner.PostAsync($"conversations/{conversation.Id}/fork", null, HostFixture.Cancellation);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.NotEqual(conversation.Id, (await HostFixture.ReadAsync(response)).GetProperty("id").GetString());
    }

    private static async Task<string> CreateAsync(HostFixture host, string workspace, string key, object body) =>
        (await HostFixture.ReadAsync(await SendAsync(host, $"workspaces/{workspace}/conversations", key, body))).GetProperty("id").GetString()!;

    private static Task<HttpResponseMessage> SendAsync(HostFixture host, string path, string key, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return host.Owner.SendAsync(request, HostFixture.Cancellation);
    }
}
