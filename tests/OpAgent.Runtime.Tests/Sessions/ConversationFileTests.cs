using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Sessions;

/// <summary>People and other programs do things to conversation files.</summary>
public sealed class ConversationFileTests
{
    [Fact]
    public async Task File_EditedBetweenTurns_NextPromptKnowsTheEditedHistory()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "say the answer is 41");
        File.WriteAllText(conversation.File, runtime.ReadFile(conversation).Replace("the answer is 41", "the answer is 42", StringComparison.Ordinal));

        var events = await runtime.RunTurnAsync(conversation, "history");

        Assert.Contains(events, item => item.Said?.Contains("the answer is 42", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(events, item => item.Said?.Contains("the answer is 41", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task File_EditedDuringATurn_KeepsTheEditAndGetsTheReply()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, $"wait-file {runtime.Temporary["go"]}\nsay done");
        File.WriteAllText(conversation.File, runtime.ReadFile(conversation).Replace("title: Test", "title: Edited by hand\nmine: kept", StringComparison.Ordinal));

        runtime.Temporary.Write("go", "");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        var file = runtime.ReadFile(conversation);
        Assert.Contains("title: Edited by hand\nmine: kept", file);
        Assert.Contains("done", file);
    }

    [Fact]
    public async Task File_DeletedDuringATurn_IsMadeAgainWithANotice()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, $"wait-file {runtime.Temporary["go"]}\nsay done");
        File.Delete(conversation.File);

        runtime.Temporary.Write("go", "");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        var snapshot = await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id });
        Assert.Contains("file-recreated", snapshot.Markdown);
        Assert.Contains("done", snapshot.Markdown);
        Assert.Contains("## alice", snapshot.Markdown);
    }

    [Fact]
    public async Task File_MovedAlsoDuringATurn_IsFoundByItsId()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, $"wait-file {runtime.Temporary["go"]}\nsay done");
        var moved = runtime.Temporary["work/docs/.opagent/conversations/renamed.md"];
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        File.Move(conversation.File, moved);

        runtime.Temporary.Write("go", "");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");

        Assert.Contains("done", File.ReadAllText(moved));
        var info = (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info;
        Assert.Equal((moved, "docs"), (info.File, info.Path));
        Assert.Contains(await runtime.RunTurnAsync(conversation, "cwd"), item => item.Said == runtime.Temporary["work/docs"]);
    }

    [Fact]
    public async Task File_DeletedBetweenTurns_PromptSaysSo()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        File.Delete(conversation.File);

        Assert.Equal("conversation-not-found", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say x")));
    }

    [Fact]
    public async Task File_Broken_IsShownWithItsErrorAndNeverWritten()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "say x");
        var broken = runtime.ReadFile(conversation).Replace("<!-- turn {\"id\"", "<!-- turn {\"id", StringComparison.Ordinal);
        File.WriteAllText(conversation.File, broken);

        Assert.Equal("conversation-broken", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say y")));
        Assert.Equal(broken, runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task File_CutInHalf_NextPromptKeepsWhatIsThereAndAppends()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "say first answer that is somewhat long");
        var whole = runtime.ReadFile(conversation);
        var half = whole[..whole.IndexOf("that is", StringComparison.Ordinal)];
        File.WriteAllText(conversation.File, half);

        Assert.Equal("end_turn", (await runtime.RunTurnAsync(conversation, "say second"))[^1].StopReason);

        Assert.StartsWith(half, runtime.ReadFile(conversation));
        Assert.Contains("second", runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task File_Copied_CopyIsListedReadOnlyAndTheOriginalGoesOn()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "say x");
        // The copy comes first by name.
        var copy = Path.Combine(Path.GetDirectoryName(conversation.File)!, "0-copy.md");
        File.Copy(conversation.File, copy);

        var items = await ListAsync(runtime);
        await runtime.RunTurnAsync(conversation, "say y");

        Assert.Equal([(copy, true), (conversation.File, false)], items.Select(item => (item.File, item.Copy)));
        Assert.DoesNotContain("say y", File.ReadAllText(copy));
        Assert.Contains("say y", runtime.ReadFile(conversation));
    }

    [Fact]
    public async Task File_RenamedBesideACopy_IsStillTheConversation()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.RunTurnAsync(conversation, "say one");
        File.Copy(conversation.File, Path.Combine(Path.GetDirectoryName(conversation.File)!, "a-copy.md"));
        await runtime.RunTurnAsync(conversation, "say two");
        var renamed = Path.Combine(Path.GetDirectoryName(conversation.File)!, "z-renamed.md");
        File.Move(conversation.File, renamed);

        await runtime.RunTurnAsync(conversation, "say three");

        Assert.Contains("say two", File.ReadAllText(renamed));
        Assert.Contains("say three", File.ReadAllText(renamed));
    }

    [Fact]
    public async Task File_BrokenDuringATurnAndRepaired_GetsTheReplyWithTheNextPrompt()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        await runtime.StartTurnAsync(conversation, $"wait-file {runtime.Temporary["go"]}\nsay kept meanwhile");
        var whole = runtime.ReadFile(conversation);
        File.WriteAllText(conversation.File, "broken");
        runtime.Temporary.Write("go", "");
        await runtime.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended");
        Assert.Equal("broken", runtime.ReadFile(conversation));
        File.WriteAllText(conversation.File, whole);

        await runtime.RunTurnAsync(conversation, "say next");

        var file = runtime.ReadFile(conversation);
        Assert.InRange(file.IndexOf("kept meanwhile\n\n<!--", StringComparison.Ordinal), 1, file.IndexOf("say next", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_HeldByAnotherRuntime_IsBusy()
    {
        await using var first = await RuntimeFixture.StartAsync();
        await using var second = await RuntimeFixture.StartAsync();
        first.BindScripted();
        var conversation = await first.CreateAsync();
        await first.StartTurnAsync(conversation, "say x\nhang");
        await second.Directories.OpenAsync(new OpenWorkspaceRequest { Path = first.Workspace, Trust = true });

        Assert.Equal("conversation-busy", await second.ProblemOf(() => second.StartTurnAsync(conversation, "say y")));
        await first.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id });
        Assert.Equal("end_turn", (await second.RunTurnAsync(conversation, "say y"))[^1].StopReason);
    }

    [Fact]
    public async Task Untitled_FirstPrompt_GivesTheTitle()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync(title: "");
        await runtime.RunTurnAsync(conversation, "say what is this about\nsay more");

        Assert.Equal("say what is this about", (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.Title);
    }

    [Fact]
    public async Task Fork_AtATurn_HoldsEverythingUpToItAndHasItsOwnId()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var first = (await runtime.RunTurnAsync(conversation, "say one"))[0].Turn!;
        await runtime.RunTurnAsync(conversation, "say two");

        var fork = await runtime.Conversations.ForkAsync(new ForkRequest { Id = $"{Guid.CreateVersion7()}", Conversation = conversation.Id, Turn = first });

        var text = File.ReadAllText(fork.File);
        Assert.Contains("forkedFrom: ", text);
        Assert.Contains($"{conversation.Id}#{first}", text);
        Assert.Contains("say one", text);
        Assert.DoesNotContain("say two", text);
        Assert.Contains(await runtime.RunTurnAsync(fork, "history"), item => item.Said?.Contains("one", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("nobody", "agent-not-found")]
    [InlineData("../evil", "agent-invalid")]
    [InlineData("./missing", "agent-invalid")]
    [InlineData("", "agent-not-chosen")]
    public async Task Create_WithAnAgentThatIsNotThere_IsRefused(string agent, string problem)
    {
        await using var runtime = await RuntimeFixture.StartAsync();

        Assert.Equal(problem, await runtime.ProblemOf(() => runtime.CreateAsync(agent: agent)));
    }

    [Fact]
    public async Task Attachment_OutsideTheWorkspace_IsRefused()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        runtime.Temporary.Write("work/docs/a.md", "text");
        var conversation = await runtime.CreateAsync();

        Assert.Equal("path-outside-workspace", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say x", attachments: "../home/machine-id")));
        Assert.Equal("file-not-found", await runtime.ProblemOf(() => runtime.StartTurnAsync(conversation, "say x", attachments: "docs/b.md")));
        await runtime.StartTurnAsync(conversation, "say x", attachments: "docs/a.md");
        Assert.Contains("\"attachments\":[\"docs/a.md\"]", runtime.ReadFile(conversation));
    }

    private static async Task<List<ConversationInfo>> ListAsync(RuntimeFixture runtime)
    {
        using var call = runtime.Conversations.List(new ListConversationsRequest { Workspace = runtime.Workspace });
        var items = new List<ConversationInfo>();
        await foreach (var item in call.ResponseStream.ReadAllAsync(RuntimeFixture.Cancellation)) items.Add(item);
        return items;
    }
}
