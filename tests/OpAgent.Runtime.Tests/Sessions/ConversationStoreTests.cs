using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Acp;
using OpAgent.Protocol;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Sandboxes;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Tests.Sessions;

/// <summary>The store by itself, in this process: no agent is started.</summary>
public sealed class ConversationStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly ServiceProvider _services;
    private readonly ConversationStore _store;

    public ConversationStoreTests()
    {
        _directory.Write("work/scripted/agent.json", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scripted", "agent.json")));
        _directory.Write("work/.opagent/workspace.yaml", "agent: ./scripted\n");
        var home = RuntimeHome.Open(_directory["home"]);
        _services = new ServiceCollection().AddSingleton(home).AddLogging().AddDirectories().AddPackages().BuildServiceProvider();
        var workspaces = _services.GetRequiredService<WorkspaceRegistry>();
        workspaces.Open(_directory["work"], trust: true, fullRights: true);
        _store = new ConversationStore(new ConversationContext(home, workspaces, _services.GetRequiredService<AgentResolver>(), new AgentSandbox(null!, null!, workspaces, home), null!, new AgentLimiter(_time, NullLogger.Instance, own: null), new ConversationFinder(),
            new PermissionDesk(), new ChangeFeed(), new JournalOptions(), new SessionOptions(), _time, NullLogger<LiveConversation>.Instance));
    }

    public void Dispose()
    {
        _services.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Unload_ConversationThatWasJustGot_LeavesIt()
    {
        var conversation = _store.Get(Create().Id);
        _time.Advance(TimeSpan.FromMinutes(3));
        var got = _store.Get(conversation.Id.ToString());

        _store.Unload();

        Assert.Same(conversation, got);
        Assert.Same(conversation, _store.Get(conversation.Id.ToString()));
        Assert.Equal(1, got.Journal.Append(EventKind.Notice, null));
        got.Journal.Flush();
    }

    [Fact]
    public void Get_AfterUnload_LoadsItAgain()
    {
        var conversation = _store.Get(Create().Id);
        _time.Advance(TimeSpan.FromMinutes(3));

        _store.Unload();
        var again = _store.Get(conversation.Id.ToString());

        Assert.NotSame(conversation, again);
        Assert.False(conversation.TryUse());
        Assert.Equal(conversation.File, again.File);
    }

    [Fact]
    public void Unload_JournalThatTheDiskDidNotTake_LeavesIt()
    {
        var conversation = _store.Get(Create().Id);
        conversation.Journal.Append(EventKind.Notice, null);
        _time.Advance(TimeSpan.FromMinutes(3));

        _store.Unload();

        Assert.True(conversation.TryUse());
    }

    [Fact]
    public void CreateAndFork_SameIdAtTheSameTime_MakeOneConversation()
    {
        var source = Create();
        for (var round = 0; round < 20; round++)
        {
            var (created, forked) = ($"{Guid.CreateVersion7()}", $"{Guid.CreateVersion7()}");
            var files = new string[8];
            Parallel.For(0, files.Length, i => files[i] = i % 2 == 0 ? Create(created).File : _store.Fork(new ForkRequest { Id = forked, Conversation = source.Id }).File);

            Assert.Equal(2, files.Distinct().Count());
        }

        Assert.Equal(41, Directory.GetFiles(_directory["work/.opagent/conversations"], "*.md").Length);
    }

    [Fact]
    public async Task RetryAsync_EndThatCannotBeWritten_WritesItOnceWhenItCan()
    {
        var created = Create();
        var (turn, file) = (await LeaveInterruptedAsync(created), File.ReadAllText(created.File));
        File.WriteAllText(created.File, "broken");
        var obstacle = _directory[$"home/sessions/{created.Id}/unwritten-{turn.Turn}-prompt.md"];
        Directory.CreateDirectory(obstacle);
        var conversation = _store.Get(created.Id);

        var last = await RetryTwiceAsync(conversation);
        Assert.Equal("broken", File.ReadAllText(created.File));
        Assert.Empty(Directory.GetFiles(_directory["work/.opagent/conversations"], "*.lock"));
        Directory.Delete(obstacle);
        File.WriteAllText(created.File, file);
        using (FullDisk.Under(_directory[$"home/sessions/{created.Id}/journal.ndjson"]))
        {
            Assert.Equal(last + 2, await RetryTwiceAsync(conversation));
            Assert.True(_store.IsUsed);
        }

        await _store.RetryAsync();
        var kinds = KindsOf(conversation);
        Assert.Equal(2, kinds.Count(kind => kind == EventKind.PermissionResolved));
        Assert.Equal(2, kinds.TakeWhile(kind => kind != EventKind.TurnEnded).Count(kind => kind == EventKind.Notice));
        await WaitingIsAskedAsync(conversation);
        var text = File.ReadAllText(created.File);
        Assert.Equal(2, text.Split($"\"id\":\"{turn.Turn}\"").Length - 1);
        Assert.Contains("\"decision\":\"alice allow_once\"", text);
        Assert.Contains("\"decision\":\"cancelled\"", text);
        Assert.Contains("something on stdout", text);
    }

    [Fact]
    public async Task Recovery_FileThatIsGone_MakesItAgainWithANotice()
    {
        var created = Create();
        var turn = await LeaveInterruptedAsync(created);
        File.Delete(created.File);

        var conversation = _store.Get(created.Id);
        await _store.RetryAsync();

        Assert.Contains(EventKind.TurnEnded, KindsOf(conversation));
        await WaitingIsAskedAsync(conversation);
        var text = File.ReadAllText(Assert.Single(Directory.GetFiles(_directory["work/.opagent/conversations"], "*.md")));
        Assert.Contains("file-recreated", text);
        Assert.Contains(turn.Text, text);
    }

    [Fact]
    public void IsUsed_WhatTheDiskDidNotTake_IsTrueUntilItDid()
    {
        var journal = _store.Get(Create().Id).Journal;

        Assert.False(_store.IsUsed);
        journal.Append(EventKind.Notice, null);
        Assert.True(_store.IsUsed);
        journal.Flush();
        Assert.False(_store.IsUsed);
    }

    [Fact]
    public void Create_ThatFailsAfterItsFile_LeavesNone()
    {
        var id = $"{Guid.CreateVersion7()}";
        var obstacle = _directory.Write($"home/sessions/{id}", "in the way");

        Assert.ThrowsAny<IOException>(() => Create(id));

        Assert.Empty(Directory.GetFiles(_directory["work/.opagent/conversations"], "*.md"));
        File.Delete(obstacle);
        Assert.Equal(id, Create(id).Id);
    }

    [Fact]
    public void Permission_OfALargeToolCall_IsToldBriefly()
    {
        var conversation = _store.Get(Create().Id);
        var json = $$"""{"sessionId":"s","toolCall":{"toolCallId":"t1","title":"Write","rawInput":"{{new string('x', 2 * SessionLimits.MaxPermissionToolCall)}}"},"options":[]}""";
        var request = new PermissionRequest(conversation, Guid.CreateVersion7(), JsonSerializer.Deserialize(json, AcpJson.Default.RequestPermissionRequest)!, _time.GetUtcNow());

        var told = request.Describe().ToolCall.ToStringUtf8();

        Assert.InRange(told.Length, 1, 1000);
        Assert.Contains("\"title\":\"Write\"", told);
        Assert.Contains("more than is shown", told);
    }

    /// <summary>What a runtime leaves that ends in the middle of a turn: one question answered and one open, and a prompt that waits.</summary>
    private async Task<Prompt> LeaveInterruptedAsync(ConversationInfo created)
    {
        var (journal, turn, answered, open) = (_store.Get(created.Id).Journal, Guid.CreateVersion7(), Guid.NewGuid(), Guid.NewGuid());
        var prompt = new Prompt(turn, "c1", "alice", "do it", []);
        journal.Append(EventKind.TurnStarted, turn, prompt.WriteTo);
        journal.Append(EventKind.Notice, turn, writer =>
        {
            writer.WriteString("notice", "junk-on-stdout");
            writer.WriteString("text", "The agent printed something on stdout.");
        });
        foreach (var (id, call) in new[] { (answered, "t1"), (open, "t2") })
        {
            journal.Append(EventKind.PermissionRequested, turn, writer =>
            {
                writer.WriteStartObject("permission");
                writer.WriteString("id", id);
                writer.WriteStartObject("toolCall");
                writer.WriteString("toolCallId", call);
                writer.WriteString("title", call);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }

        journal.Append(EventKind.PermissionResolved, turn, writer =>
        {
            writer.WriteString("permission", answered);
            writer.WriteString("option", "allow_once");
            writer.WriteString("by", "alice");
        });
        var waiting = new Prompt(Guid.CreateVersion7(), "c2", "alice", "then this", []);
        journal.Append(EventKind.TurnQueued, waiting.Turn, waiting.WriteTo);
        await journal.SyncAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        _store.Unload();
        return prompt;
    }

    /// <returns>The number of the last event, which the second try did not change.</returns>
    private async Task<long> RetryTwiceAsync(LiveConversation conversation)
    {
        await _store.RetryAsync();
        var last = conversation.Journal.LastSeq;
        await _store.RetryAsync();
        Assert.Equal(last, conversation.Journal.LastSeq);
        return last;
    }

    /// <summary>The prompt that waited is asked once the turn before it has ended; without a launcher it ends at once.</summary>
    private static Task WaitingIsAskedAsync(LiveConversation conversation) =>
        RuntimeFixture.UntilAsync(() => Task.FromResult(!conversation.IsUsed && KindsOf(conversation).Count(kind => kind == EventKind.TurnEnded) == 2), "the prompt that waited was asked");

    private static List<string> KindsOf(LiveConversation conversation)
    {
        var kinds = new List<string>();
        var reader = new JournalReader(conversation.Journal, "", 0);
        while (reader.TryRead(out var entry)) kinds.Add(entry.Kind);
        return kinds;
    }

    private ConversationInfo Create(string? id = null) =>
        _store.Create(new CreateConversationRequest { Id = id ?? $"{Guid.CreateVersion7()}", Workspace = _directory["work"], Title = "Test" });
}
