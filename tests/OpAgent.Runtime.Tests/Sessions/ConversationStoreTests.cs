using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Protocol;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;
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
        workspaces.Open(_directory["work"], trust: true);
        _store = new ConversationStore(new ConversationContext(home, workspaces, _services.GetRequiredService<AgentResolver>(), Launcher: null!, new ConversationFinder(),
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

    private ConversationInfo Create(string? id = null) =>
        _store.Create(new CreateConversationRequest { Id = id ?? $"{Guid.CreateVersion7()}", Workspace = _directory["work"], Title = "Test" });
}
