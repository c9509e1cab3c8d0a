using Microsoft.Data.Sqlite;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests.Search;

public sealed class SearchTests
{
    [Fact]
    public async Task Find_OfWords_SaysWhereTheyWereSaid()
    {
        await using var host = await HostFixture.StartAsync();
        var workspace = await host.OpenAsync();
        var conversation = host.Runtime.Add("/srv/docs", "About the garden");
        conversation.Say("alice", "Where do the tulips grow?");
        conversation.Say("echo@1.0.0", "The tulips grow behind the greenhouse.");

        var found = await FindAsync(host, "tulips green");
        var title = await FindAsync(host, "garden");

        var hit = Assert.Single(found);
        Assert.Equal((conversation.Id, "About the garden", "echo@1.0.0", workspace), (hit.GetProperty("conversation").GetString(), hit.GetProperty("title").GetString(), hit.GetProperty("by").GetString(), hit.GetProperty("workspace").GetString()));
        Assert.Contains("behind the greenhouse", hit.GetProperty("snippet").GetString());
        Assert.Null(Assert.Single(title).GetProperty("turn").GetString());
    }

    [Theory]
    [InlineData("CAFÉ", true)]
    [InlineData("cafe", true)]
    [InlineData("\"red tulips\"", true)]
    [InlineData("\"tulips red\"", false)]
    [InlineData("tulips red", true)]
    [InlineData("tul", true)]
    [InlineData("tul red", false)]
    [InlineData("\"tul\"", false)]
    [InlineData("red OR blue", false)]
    [InlineData("red NOT tulips", false)]
    [InlineData("text:red", false)]
    [InlineData("red*", true)]
    [InlineData("(red", true)]
    [InlineData("red \"", true)]
    [InlineData("\"red tulips", true)]
    [InlineData("red --", true)]
    [InlineData("c++ 'red'", false)]
    [InlineData("^red", true)]
    public async Task Find_OfWhatPeopleType_NeverFails(string query, bool finds)
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        host.Runtime.Add("/srv/docs", "Title").Say("alice", "At the Café: red tulips.");

        Assert.Equal(finds, (await FindAsync(host, query)).Count > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\"\"")]
    [InlineData("-- *")]
    public async Task Find_OfNothing_IsRefused(string query)
    {
        await using var host = await HostFixture.StartAsync();

        Assert.Equal("invalid-request", (await HostFixture.ProblemOf(host.Owner.GetAsync($"search?q={Uri.EscapeDataString(query)}", HostFixture.Cancellation))).Type);
    }

    [Fact]
    public async Task Find_AfterFilesWereChangedByHand_FindsWhatStandsThere()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        var (edited, deleted, untouched) = (host.Runtime.Add("/srv/docs"), host.Runtime.Add("/srv/docs"), host.Runtime.Add("/srv/docs"));
        foreach (var conversation in (FakeConversation[])[edited, deleted, untouched]) conversation.Say("alice", "tulips");
        Assert.Equal(3, (await FindAsync(host, "tulips")).Count);
        var reads = untouched.Reads;

        edited.Edit(content => content with { Turns = [] });
        edited.Say("alice", "roses");
        host.Runtime.Conversations.Remove(deleted.Id, out _);
        host.Runtime.Add("/srv/docs").Say("alice", "roses");

        Assert.Equal(untouched.Id, Assert.Single(await FindAsync(host, "tulips")).GetProperty("conversation").GetString());
        Assert.Equal(2, (await FindAsync(host, "roses")).Count);
        Assert.Equal(reads, untouched.Reads);
    }

    [Fact]
    public async Task Find_InBrokenFilesAndCopies_SkipsThem()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        foreach (var spoil in (Action<FakeConversation>[])[conversation => conversation.Copy = true, conversation => conversation.Error = "line 1", conversation => conversation.Markdown = "broken"])
        {
            var conversation = host.Runtime.Add("/srv/docs");
            conversation.Say("alice", "tulips");
            spoil(conversation);
        }

        Assert.Empty(await FindAsync(host, "tulips"));
    }

    [Fact]
    public async Task Find_InAWorkspaceWithinAnother_FindsOnce()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync("/srv");
        var inner = await host.OpenAsync("/srv/docs");
        host.Runtime.Add("/srv/docs").Say("alice", "tulips");

        Assert.Equal(inner, Assert.Single(await FindAsync(host, "tulips")).GetProperty("workspace").GetString());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("garbage")]
    [InlineData("old")]
    public async Task Host_WhoseIndexIsGone_MakesItAnew(string state)
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        host.Runtime.Add("/srv/docs").Say("alice", "tulips");
        var before = (await FindAsync(host, "tulips")).Select(hit => hit.GetRawText()).ToList();
        await host.StopHostAsync();

        foreach (var file in Directory.GetFiles(host.Data.Path, "index.db*")) File.Delete(file);
        if (state == "garbage") await File.WriteAllTextAsync(host.Data.Index, new string('x', 10_000), HostFixture.Cancellation);
        if (state == "old") MakeOldIndex(host.Data.Index);
        await host.StartHostAsync();

        Assert.Equal(before, (await FindAsync(host, "tulips")).Select(hit => hit.GetRawText()));
    }

    [Fact]
    public async Task Find_RightAfterTheHostsStart_WaitsForTheMachine()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        host.Runtime.Add("/srv/docs").Say("alice", "tulips");
        await host.StopHostAsync();
        var known = new TaskCompletionSource();
        host.Runtime.MaySayHello = known.Task;

        await host.StartHostAsync();
        var found = FindAsync(host, "tulips");
        await host.GetAsync("tokens");
        known.SetResult();

        Assert.Single(await found);
    }

    [Theory]
    [InlineData("---\nopagent: 1\n")]
    [InlineData("broken")]
    public async Task Find_InAFileThatBecameBroken_FindsTheSameAsANewIndex(string broken)
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        var conversation = host.Runtime.Add("/srv/docs", "Garden");
        conversation.Say("alice", "tulips");
        Assert.Single(await FindAsync(host, "tulips"));

        conversation.Markdown = broken;
        conversation.Touch();

        Assert.Empty(await FindAsync(host, "tulips"));
        Assert.Empty(await FindAsync(host, "garden"));
        await host.StopHostAsync();
        foreach (var file in Directory.GetFiles(host.Data.Path, "index.db*")) File.Delete(file);
        await host.StartHostAsync();
        Assert.Empty(await FindAsync(host, "tulips"));
        conversation.Markdown = null;
        conversation.Touch();
        Assert.Single(await FindAsync(host, "tulips"));
    }

    [Fact]
    public async Task Find_WhileTheMachineIsGone_FindsWhatWasIndexed()
    {
        await using var host = await HostFixture.StartAsync();
        await host.OpenAsync();
        host.Runtime.Add("/srv/docs").Say("alice", "tulips");
        Assert.Single(await FindAsync(host, "tulips"));

        await host.Runtime.CrashAsync();

        Assert.Single(await FindAsync(host, "tulips"));
    }

    private static void MakeOldIndex(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE conversations (id TEXT); PRAGMA user_version = 99";
        command.ExecuteNonQuery();
    }

    private static async Task<List<System.Text.Json.JsonElement>> FindAsync(HostFixture host, string query) =>
        [.. (await host.GetAsync($"search?q={Uri.EscapeDataString(query)}")).GetProperty("items").EnumerateArray()];
}
