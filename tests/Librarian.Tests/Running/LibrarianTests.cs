using System.Text.Json;
using OpAgent.Acp;
using OpAgent.Core.Agents;

namespace OpAgent.Agents.Librarian.Tests.Running;

public sealed class LibrarianTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public LibrarianTests()
    {
        _tree.Write("README.md", "# Harbor\n\n[Tides](docs/tides.md)\n");
        _tree.Write("docs/tides.md", "# Tides\n\nThe flood comes at noon.\n");
        _tree.Write("docs/boats.md", "# Boats\n\nThe ferry is painted green. [gone](gone.md)\n");
        _tree.Write(".opagent/conversations/old.md", "The flood comes at midnight.\n");
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Prompt_Question_IsAnsweredWithCitations()
    {
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        Assert.Equal(("librarian", "0.1.0"), (agent.Initialized.AgentInfo!.Name, agent.Initialized.AgentInfo.Version));
        var answer = await agent.PromptAsync("When does the flood come?");
        Assert.Equal(StopReason.EndTurn, answer.StopReason);
        Assert.Contains("[docs/tides.md:3](docs/tides.md#L3) · Tides\n\n> The flood comes at noon.\n", agent.Said);
        Assert.DoesNotContain("midnight", agent.Said);
        var call = agent.Updates.OfType<ToolCall>().Single();
        Assert.Equal((ToolKind.Search, ToolCallStatus.InProgress), (call.Kind, call.Status));
        var ended = agent.Updates.OfType<ToolCallUpdate>().Last();
        Assert.Equal((call.ToolCallId, ToolCallStatus.Completed), (ended.ToolCallId, ended.Status));
        Assert.Equal(_tree.FullPath("docs/tides.md"), ended.Locations![0].Path);
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task Prompt_FollowUpWithoutWordsOfItsOwn_AsksTheSameAgain()
    {
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        await agent.PromptAsync("and where is that?");
        Assert.Contains("Ask with a word or two", agent.Said);
        await agent.PromptAsync("flood");
        await agent.PromptAsync("and where is that?");
        Assert.Contains("docs/tides.md:3", agent.Said);
    }

    [Fact]
    public async Task Prompt_Transcript_IsNotSearchedFor()
    {
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        var meta = JsonDocument.Parse("""{"opagent":{"transcript":true}}""").RootElement;
        await agent.PromptAsync([new TextContent("alice:\nWrite a report about the flood.") { Meta = meta }, new TextContent("What about the ferry?")]);
        Assert.Contains("docs/boats.md:3", agent.Said);
        Assert.DoesNotContain("tides", agent.Said);
    }

    [Fact]
    public async Task Prompt_Attachment_IsSearchedFirst()
    {
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        await agent.PromptAsync("the flood, the ferry", _tree.FullPath("docs/boats.md"));
        Assert.Contains("docs/boats.md:3", agent.Said);
        Assert.DoesNotContain("docs/tides.md", agent.Said);
        await agent.PromptAsync("the flood", _tree.FullPath("docs/boats.md"));
        Assert.Contains("Nothing in what you attached fits", agent.Said);
        Assert.Contains("docs/tides.md:3", agent.Said);
    }

    [Fact]
    public async Task Prompt_AttachmentOutside_IsNotRead()
    {
        using var outside = new TemporaryTree();
        outside.Write("secret.md", "The flood is secret.\n");
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        await agent.PromptAsync("flood", outside.FullPath("secret.md"), _tree.FullPath("missing.md"));
        Assert.Contains("There is no `", agent.Said);
        Assert.Contains("I left out `", agent.Said);
        Assert.DoesNotContain("is secret", agent.Said);
    }

    [Fact]
    public async Task Prompt_Report_ListsWhatIsBroken()
    {
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        await agent.PromptAsync("Give me a report, please");
        Assert.Contains("| Broken links | 1 |", agent.Said);
        Assert.Contains("[docs/boats.md:3](docs/boats.md#L3): `gone.md`", agent.Said);
        Assert.Contains("[docs/boats.md:1](docs/boats.md#L1)", agent.Said);
        Assert.True(agent.Updates.OfType<AgentMessageChunk>().Count() > 1);
    }

    [Fact]
    public async Task Cancel_LongSearch_EndsTheTurnAndTheNextOneWorks()
    {
        var text = string.Join('\n', Enumerable.Repeat("the flood comes again and again", 60_000));
        for (var i = 0; i < 40; i++) _tree.Write($"large/{i}.md", text);
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        var turn = agent.PromptAsync("flood");
        await agent.WaitForAsync(update => update is ToolCall);
        await agent.CancelAsync();
        Assert.Equal(StopReason.Cancelled, (await turn).StopReason);
        Assert.Equal(StopReason.EndTurn, (await agent.PromptAsync("ferry", _tree.FullPath("docs/boats.md"))).StopReason);
    }

    [Fact]
    public async Task Kill_RunningTurn_ClosesTheConnection()
    {
        var text = string.Join('\n', Enumerable.Repeat("the flood comes again and again", 60_000));
        for (var i = 0; i < 40; i++) _tree.Write($"large/{i}.md", text);
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        var turn = agent.PromptAsync("flood");
        await agent.WaitForAsync(update => update is ToolCall);
        agent.Process.Kill();
        await Assert.ThrowsAsync<AcpConnectionClosedException>(() => turn);
    }

    [Fact]
    public async Task NewSession_DirectoryThatIsNotThere_IsRefused()
    {
        await using var agent = await RunningAgent.StartAsync(_tree.Root);
        var refused = await Assert.ThrowsAsync<AcpException>(() => agent.NewSessionAsync(_tree.FullPath("missing")));
        Assert.Equal(AcpErrorCode.InvalidParams, refused.Code);
        Assert.Contains("is not an existing directory", refused.Message);
    }

    [Fact]
    public void Manifest_OfThePackage_IsValid()
    {
        var result = AgentManifest.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, AgentManifest.FileName)), AgentManifest.FileName);
        Assert.Empty(result.Errors);
        Assert.Equal(("librarian@0.1.0", "${agentRoot}/librarian", true), (result.Manifest!.Reference, result.Manifest.Command!.Cmd, result.Manifest.Asks));
        Assert.False(result.Manifest.Needs.Model);
    }
}
