using System.Diagnostics;

namespace OpAgent.EndToEnd;

/// <summary>What a newcomer and a crash do to the whole of it.</summary>
public sealed class WholePathTests
{
    [Fact]
    public async Task Run_Librarian_AnswersWithCitationsThatAreRight()
    {
        await using var host = new HostFixture();
        host.CopyHandbook();

        var result = await host.RunAsync("", "run", host.Workspace, "Who is on call during an incident?", "--agent", "librarian");

        Assert.True(result.ExitCode == 0, result.Errors);
        var citation = System.Text.RegularExpressions.Regex.Match(result.Output, @"\[([^\]]+):(\d+)\]\(");
        Assert.True(citation.Success, result.Output);
        Assert.True(File.ReadAllLines(Path.Combine(host.Workspace, citation.Groups[1].Value)).Length >= int.Parse(citation.Groups[2].Value));
        var file = Assert.Single(Directory.GetFiles(Path.Combine(host.Workspace, ".opagent/conversations"), "*.md"));
        Assert.Contains(citation.Value, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("y\n", "the cat\n")]
    [InlineData("n\n", "the the cat\n")]
    public async Task Run_Proofreader_WritesOnlyAfterAYes(string answer, string content)
    {
        await using var host = new HostFixture();
        var page = Path.Combine(host.Workspace, "page.md");
        File.WriteAllText(page, "the the cat\n");

        var result = await host.RunAsync(answer, "run", host.Workspace, "Check page.md", "--agent", "proofreader");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("page.md:1", result.Output);
        Assert.Equal(content, File.ReadAllText(page));
    }

    [Fact]
    public async Task Run_InADirectoryThatBringsItsOwnAgent_AsksForTrustFirst()
    {
        await using var host = new HostFixture();
        host.Bind("python");

        Assert.Equal(9, (await host.RunAsync("", "run", host.Workspace, "hello", "--agent", "librarian")).ExitCode);
        Assert.Equal(9, (await host.RunAsync("", "run", host.Workspace, "pid")).ExitCode);
        Assert.Equal(0, (await host.RunAsync("", "run", host.Workspace, "pid", "--yes")).ExitCode);
    }

    [Fact]
    public async Task Host_KilledInTheMiddleOfATurn_TurnEndsWithoutItAndTheNextOneShowsAllOfIt()
    {
        await using var host = new HostFixture();
        host.Bind("python");
        var conversation = await host.CreateConversationAsync(await host.OpenAsync());
        var (id, file) = (conversation.GetProperty("id").GetString()!, conversation.GetProperty("file").GetString()!);
        await host.PostAsync($"/api/v1/conversations/{id}/turns", new { text = $"chunks 50\nwait-file {host.Signal("go")}\nchunks 50\nsay the very end" });
        var before = await host.FollowUntilAsync(id, null, item => item.Said?.StartsWith("50", StringComparison.Ordinal) == true);

        await host.KillHostAsync();
        File.WriteAllText(host.Signal("go"), "");
        await HostFixture.UntilAsync(() => File.ReadAllText(file).Contains("\"stop\":\"end_turn\"", StringComparison.Ordinal), "the turn's end stands in the file");
        Assert.False(HostFixture.IsAlive(host.HostPid));
        await host.OpenAsync();
        var after = await host.FollowUntilAsync(id, before[^1].Id, item => item.Kind == "turn.ended");

        Assert.Equal(Enumerable.Range(1, before.Count + after.Count).Select(i => (long)i), before.Concat(after).Select(item => item.Seq));
        Assert.Equal(101, before.Concat(after).Count(item => item.Said is not null));
        var turns = (await host.GetAsync($"/api/v1/conversations/{id}")).GetProperty("turns");
        Assert.Equal("end_turn", turns[1].GetProperty("stop").GetString());
        Assert.EndsWith("the very end", turns[1].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Agent_KilledInTheMiddleOfATurn_TurnIsInterruptedAndTheNextPromptWorks()
    {
        await using var host = new HostFixture();
        host.Bind("python");
        var id = (await host.CreateConversationAsync(await host.OpenAsync())).GetProperty("id").GetString()!;
        await host.PostAsync($"/api/v1/conversations/{id}/turns", new { text = "say partial\npid\nhang" });
        var pid = (await host.FollowUntilAsync(id, null, item => int.TryParse(item.Said, out _))).Single(item => item.Kind == "agent.started").Data.GetProperty("pid").GetInt32();

        using (var agent = Process.GetProcessById(pid)) agent.Kill();
        var ended = (await host.FollowUntilAsync(id, null, item => item.Kind == "turn.ended"))[^1];

        Assert.Equal("interrupted", ended.Data.GetProperty("stopReason").GetString());
        Assert.Contains("partial", (await host.GetAsync($"/api/v1/conversations/{id}")).GetProperty("turns")[1].GetProperty("text").GetString());
        var next = await host.PostAsync($"/api/v1/conversations/{id}/turns", new { text = "say again" });
        Assert.Equal("end_turn", (await host.FollowUntilAsync(id, ended.Id, item => item.Kind == "turn.ended"))[^1].Data.GetProperty("stopReason").GetString());
        Assert.NotEqual(ended.Data.GetProperty("turn").GetString(), next.GetProperty("turn").GetString());
    }

    [Fact]
    public async Task Agents_InNodePythonAndGo_DoTheSame()
    {
        await using var host = new HostFixture();
        var languages = new[] { "node", "python", "go" };
        foreach (var language in languages) host.Bind(language, $"in-{language}");
        var workspace = await host.OpenAsync();
        var seen = new List<string[]>();
        foreach (var language in languages)
        {
            var id = (await host.CreateConversationAsync(workspace, $"in-{language}")).GetProperty("id").GetString()!;
            await host.PostAsync($"/api/v1/conversations/{id}/turns", new { text = "think hm\nsay one\nplan a;b\ntool t1 read Reading\ntool-done t1 done\nchunks 20\nusage 10 100 0.5" });
            seen.Add([.. (await host.FollowUntilAsync(id, null, item => item.Kind == "turn.ended")).Select(item => item.Kind == "update" ? item.Data.GetProperty("update").GetProperty("sessionUpdate").GetString()! : item.Kind)]);
        }

        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[0], seen[2]);
        Assert.Equal("turn.ended", seen[0][^1]);
    }

    [Fact]
    public async Task Index_Deleted_IsRebuiltWithTheSameConversationsAndResults()
    {
        await using var host = new HostFixture();
        host.Bind("python");
        var workspace = await host.OpenAsync();
        foreach (var word in new[] { "walrus", "penguin" })
        {
            var id = (await host.CreateConversationAsync(workspace)).GetProperty("id").GetString()!;
            await host.PostAsync($"/api/v1/conversations/{id}/turns", new { text = $"say about the {word}" });
            await host.FollowUntilAsync(id, null, item => item.Kind == "turn.ended");
        }

        var before = (await ConversationsAsync(host), await SearchAsync(host), FilesOf(host.Workspace));
        Assert.Equal(0, (await host.RunAsync("", "stop")).ExitCode);
        foreach (var file in Directory.GetFiles(host.Data, "index.db*")) File.Delete(file);
        await host.OpenAsync();

        Assert.NotEqual("[]", before.Item2);
        Assert.Equal(before, (await ConversationsAsync(host), await SearchAsync(host), FilesOf(host.Workspace)));
    }

    private static async Task<string> ConversationsAsync(HostFixture host) => string.Join('\n',
        (await host.GetAsync("/api/v1/conversations")).GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("id")} {item.GetProperty("title")} {item.GetProperty("file")}"));

    private static async Task<string> SearchAsync(HostFixture host) => (await host.GetAsync("/api/v1/search?q=walrus")).GetProperty("items").GetRawText();

    private static string FilesOf(string directory) => string.Join('\n', Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}"));
}
