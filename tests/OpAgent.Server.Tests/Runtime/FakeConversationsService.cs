using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Conversations whose events the test appends.</summary>
internal sealed class FakeConversationsService(FakeRuntime runtime) : Protocol.Conversations.ConversationsBase
{
    public override Task<ConversationInfo> Create(CreateConversationRequest request, ServerCallContext context)
    {
        if (request.Agent == "nobody") throw KnownProblems.AgentNotFound.With("No agent is called 'nobody'.");
        var agent = request.Agent.Length == 0 ? "echo" : request.Agent;
        var conversation = runtime.Conversations.GetOrAdd(
            request.Id, id => new(Guid.Parse(id), request.Workspace, request.Path, agent + "@1.0.0", request.Title.Length == 0 ? "New conversation" : request.Title));
        runtime.Announce(conversation);
        return Task.FromResult(conversation.Describe());
    }

    public override Task<ConversationSnapshot> Get(GetConversationRequest request, ServerCallContext context)
    {
        var conversation = runtime.Find(request.Id);
        Interlocked.Increment(ref conversation.Reads);
        return Task.FromResult(new ConversationSnapshot { Info = conversation.Describe(), Markdown = conversation.Text });
    }

    public override async Task List(ListConversationsRequest request, IServerStreamWriter<ConversationInfo> responseStream, ServerCallContext context)
    {
        if (request.Workspace == runtime.Vanished) throw KnownProblems.DirectoryNotFound.With($"{request.Workspace} does not exist.");
        if (request.Workspace == runtime.Forgotten) throw KnownProblems.WorkspaceNotFound.With($"{request.Workspace} is not open.");
        foreach (var info in runtime.Conversations.Values.Select(conversation => conversation.Describe()).Where(info => info.Workspace.StartsWith(request.Workspace, StringComparison.Ordinal)))
            await responseStream.WriteAsync(info);
    }

    public override Task<StartTurnReply> StartTurn(StartTurnRequest request, ServerCallContext context)
    {
        var conversation = runtime.Find(request.Conversation);
        if (!runtime.Commands.ContainsKey(request.Command) && conversation.Turn.Length > 0 && !request.Queue) throw KnownProblems.TurnRunning.With("A turn is running.");
        var (_, reply) = runtime.Commands.GetOrAdd(request.Command, _ =>
        {
            var item = conversation.Append("turn.started", $"\"turn\":\"t\",\"text\":{System.Text.Json.JsonSerializer.Serialize(request.Text)}");
            return (request, new() { Turn = Guid.CreateVersion7().ToString(), Seq = item.Seq, Queued = request.Queue && conversation.Turn.Length > 0 });
        });
        return Task.FromResult(reply);
    }

    public override Task<CancelTurnReply> Cancel(CancelTurnRequest request, ServerCallContext context)
    {
        var conversation = runtime.Find(request.Conversation);
        (conversation.Turn, conversation.State) = ("", "idle");
        return Task.FromResult(new CancelTurnReply { Cancelled = true, Conversation = conversation.Describe() });
    }

    public override Task<ConversationInfo> Stop(StopConversationRequest request, ServerCallContext context)
    {
        var conversation = runtime.Find(request.Conversation);
        conversation.State = "stopped";
        return Task.FromResult(conversation.Describe());
    }

    public override Task<SetModeReply> SetMode(SetModeRequest request, ServerCallContext context) => Task.FromResult(new SetModeReply { Mode = request.Mode });

    public override Task<ConversationInfo> Fork(ForkRequest request, ServerCallContext context)
    {
        var info = runtime.Find(request.Conversation).Describe();
        var fork = runtime.Conversations.GetOrAdd(request.Id, id => new(Guid.Parse(id), info.Workspace, info.Path, info.Agent, info.Title));
        return Task.FromResult(fork.Describe());
    }

    public override Task<ListPermissionsReply> ListPermissions(ListPermissionsRequest request, ServerCallContext context) => Task.FromResult(new ListPermissionsReply
    {
        Items = { runtime.Permissions.Values.Where(permission => !request.PendingOnly || permission.State == "pending") },
    });

    public override Task<Permission> AnswerPermission(AnswerPermissionRequest request, ServerCallContext context)
    {
        runtime.Answers.Enqueue(request);
        var permission = runtime.Permissions.GetValueOrDefault(request.Id)?.Clone() ?? throw KnownProblems.PermissionNotFound.With("No such request.");
        if (permission.State != "pending") throw KnownProblems.PermissionResolved.With("It was answered.");
        (permission.State, permission.Option, permission.By) = ("answered", request.Kind, request.By);
        runtime.Set(permission);
        return Task.FromResult(permission);
    }

    public override async Task Follow(FollowRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        await foreach (var item in runtime.Find(request.Conversation).FollowAsync(request, context.CancellationToken)) await responseStream.WriteAsync(item, context.CancellationToken);
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<Change> responseStream, ServerCallContext context)
    {
        await foreach (var change in runtime.Changes.ListenAsync(Snapshot, context.CancellationToken)) await responseStream.WriteAsync(change, context.CancellationToken);
    }

    private IEnumerable<Change> Snapshot() =>
    [
        .. runtime.Conversations.Values.Select(conversation => new Change { Conversation = conversation.Describe() }),
        .. runtime.Permissions.Values.Where(permission => permission.State == "pending").Select(permission => new Change { Permission = permission }),
        new Change { SnapshotComplete = true },
    ];
}
