using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>
/// A runtime in this process, behind a real socket, that does what a test tells it. What it knows survives a restart, as a real one's files do.
/// </summary>
internal sealed class FakeRuntime(DataDirectory data) : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>What a host takes for the runtime's process; by default none that exists.</summary>
    public int Pid { get; set; } = int.MaxValue;

    public string MachineId { get; set; } = "machine-1";

    /// <summary>Opened directories, and whether they are trusted.</summary>
    public ConcurrentDictionary<string, bool> Workspaces { get; } = [];

    /// <summary>Directories that were made, or are there before.</summary>
    public ConcurrentDictionary<string, bool> Made { get; } = [];

    /// <summary>A directory whose conversations are refused because it is not open any more.</summary>
    public string? Forgotten { get; set; }

    /// <summary>A workspace whose directory is not there any more.</summary>
    public string? Vanished { get; set; }

    public ConcurrentDictionary<string, FakeConversation> Conversations { get; } = [];

    public ConcurrentDictionary<string, Permission> Permissions { get; } = [];

    /// <summary>Installed packages and the tar streams they came in.</summary>
    public ConcurrentDictionary<string, (Package Package, byte[] Tar)> Packages { get; } = [];

    public ResolvedBinding Binding { get; set; } = new();

    /// <summary>What bindings were asked to be written.</summary>
    public ConcurrentQueue<SetBindingRequest> SetBindings { get; } = [];

    /// <summary>Commands that were accepted, and their answers.</summary>
    public ConcurrentDictionary<string, (StartTurnRequest Request, StartTurnReply Reply)> Commands { get; } = [];

    public ConcurrentQueue<AnswerPermissionRequest> Answers { get; } = [];

    public FakeFiles Files { get; } = new();

    public ConcurrentQueue<ProcessInfo> Processes { get; } = [];

    /// <summary>The path of the program that it says it runs.</summary>
    public string Program { get; set; } = "";

    /// <summary>By what it keeps agents in a sandbox, or why it does not.</summary>
    public string Sandbox { get; set; } = "bubblewrap";

    public ConcurrentQueue<UpgradeRequest> Upgrades { get; } = [];

    public ConcurrentQueue<SignalRequest> Signals { get; } = [];

    /// <summary>Who asked who this is.</summary>
    public ConcurrentQueue<HelloRequest> Hellos { get; } = [];

    /// <summary>Lets hosts wait for who this is until it completes.</summary>
    public Task MaySayHello { get; set; } = Task.CompletedTask;

    /// <summary>Lets installations wait until it completes.</summary>
    public Task MayInstall { get; set; } = Task.CompletedTask;

    /// <summary>Changes for all who watch.</summary>
    public Broadcast<Change> Changes { get; } = new();

    public async Task StartAsync()
    {
        Directory.CreateDirectory(data.RuntimeHome);
        File.Delete(data.RuntimeSocket);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(this);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(options =>
        {
            options.Interceptors.Add<FakeRefusals>();
            options.MaxReceiveMessageSize = ProtocolVersion.MaxMessageBytes;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(data.RuntimeSocket, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<FakeMachineService>();
        _app.MapGrpcService<FakeDirectoriesService>();
        _app.MapGrpcService<FakeConversationsService>();
        _app.MapGrpcService<FakeFilesService>();
        _app.MapGrpcService<FakePackagesService>();
        _app.MapGrpcService<FakeProcessesService>();
        await _app.StartAsync();
    }

    /// <summary>Ends at once, in the middle of whatever goes on, as a crash would.</summary>
    public async Task CrashAsync()
    {
        if (_app is not { } app) return;
        _app = null;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    public FakeConversation Find(string id) =>
        Conversations.GetValueOrDefault(id) ?? throw KnownProblems.ConversationNotFound.With($"No conversation {id}.");

    /// <summary>A conversation as if it had been there already.</summary>
    public FakeConversation Add(string workspace, string? title = null)
    {
        var conversation = new FakeConversation(Guid.CreateVersion7(), workspace, "", "echo@1.0.0", title ?? "A conversation");
        Conversations[conversation.Id] = conversation;
        return conversation;
    }

    /// <summary>Tells those who watch how the conversation is now.</summary>
    public void Announce(FakeConversation conversation) => Changes.Send(new() { Conversation = conversation.Describe() });

    public void Set(Permission permission)
    {
        Permissions[permission.Id] = permission;
        Changes.Send(new() { Permission = permission });
    }

    public async ValueTask DisposeAsync() => await CrashAsync();
}
