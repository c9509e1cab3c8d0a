using Google.Protobuf;
using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Upgrades;

namespace OpAgent.Runtime.Sessions;

/// <summary>The system calls on conversations.</summary>
internal sealed class ConversationsService(
    ConversationStore conversations, PermissionDesk permissions, ChangeFeed changes, ConversationContext sessions, CallGate gate, IHostApplicationLifetime lifetime) : Conversations.ConversationsBase
{
    public override Task<ConversationInfo> Create(CreateConversationRequest request, ServerCallContext context) => Task.FromResult(conversations.Create(request));

    public override Task<ConversationInfo> Fork(ForkRequest request, ServerCallContext context) => Task.FromResult(conversations.Fork(request));

    public override Task<ConversationSnapshot> Get(GetConversationRequest request, ServerCallContext context) => Task.FromResult(conversations.Get(request.Id).Snapshot());

    public override async Task List(ListConversationsRequest request, IServerStreamWriter<ConversationInfo> responseStream, ServerCallContext context)
    {
        foreach (var info in conversations.List(request.Workspace)) await responseStream.WriteAsync(info, context.CancellationToken);
    }

    public override Task<StartTurnReply> StartTurn(StartTurnRequest request, ServerCallContext context) =>
        conversations.Get(request.Conversation).StartTurnAsync(request, context.CancellationToken);

    public override async Task<CancelTurnReply> Cancel(CancelTurnRequest request, ServerCallContext context)
    {
        var conversation = conversations.Get(request.Conversation);
        var cancelled = await conversation.CancelAsync(request.Turn, request.By, context.CancellationToken);
        return new CancelTurnReply { Cancelled = cancelled, Conversation = conversation.Describe() };
    }

    public override Task<ConversationInfo> Stop(StopConversationRequest request, ServerCallContext context) => conversations.Get(request.Conversation).StopAsync(request.By);

    public override async Task<SetModeReply> SetMode(SetModeRequest request, ServerCallContext context)
    {
        try
        {
            await conversations.Get(request.Conversation).SetModeAsync(request.Mode, context.CancellationToken);
        }
        catch (AgentStartException error)
        {
            throw KnownProblems.InvalidRequest.With(error.Message);
        }

        return new SetModeReply { Mode = request.Mode };
    }

    public override Task<ListPermissionsReply> ListPermissions(ListPermissionsRequest request, ServerCallContext context)
    {
        var reply = new ListPermissionsReply();
        var room = SessionLimits.MaxPermissionList;
        foreach (var item in permissions.All.Where(item => !request.PendingOnly || item.State == PermissionRequest.Pending))
        {
            var permission = item.Describe();
            if (permission.CalculateSize() > room) permission = item.DescribeBriefly();
            room -= permission.CalculateSize();
            reply.Items.Add(permission);
        }

        return Task.FromResult(reply);
    }

    public override Task<Permission> AnswerPermission(AnswerPermissionRequest request, ServerCallContext context)
    {
        var permission = permissions.Get(request.Id);
        // Of one that is over the conversation need not be loaded.
        if (permission.State != PermissionRequest.Pending) throw permission.Ended();
        return conversations.Get(permission.Conversation).AnswerAsync(permission, request.Kind, request.OptionId, request.By);
    }

    public override async Task Follow(FollowRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        var conversation = conversations.Get(request.Conversation);
        using var follower = conversation.AddFollower();
        var journal = conversation.Journal;
        var reader = new JournalReader(journal, request.Epoch, request.AfterSeq);
        using var end = EndOf(context);
        using var stream = new FollowerStream(responseStream, context, sessions.Options.FollowerLimit, sessions.Time);
        try
        {
            await FollowAsync(journal, reader, stream, end.Token);
        }
        catch (Exception) when (stream.IsCutOff)
        {
            SessionsLog.FollowerCutOff(sessions.Logger, conversation.Id, reader.NextSeq - 1);
        }
    }

    private static async Task FollowAsync(Journal journal, JournalReader reader, FollowerStream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (reader.TakeReset()) await stream.WriteAsync(ResetAt(journal.Epoch, reader.NextSeq), cancellationToken);
            while (reader.TryRead(out var entry))
            {
                // The buffer is used again for the next line, and gRPC may not have sent this one by then.
                var line = new Event { Epoch = journal.Epoch, Seq = entry.Seq, Kind = entry.Kind, Data = ByteString.CopyFrom(entry.Data.Span) };
                await stream.WriteAsync(line, cancellationToken);
            }

            if (!reader.WasReset) await reader.WaitAsync(cancellationToken);
        }
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<Change> responseStream, ServerCallContext context)
    {
        using var end = EndOf(context);
        await foreach (var change in changes.WatchAsync(Snapshot, end.Token)) await responseStream.WriteAsync(change, end.Token);
    }

    /// <summary>A stream that would go on for ever ends with its call or with the runtime, whose end, or whose replacement, would wait for it.</summary>
    private CancellationTokenSource EndOf(ServerCallContext context) => CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping, gate.Leaving);

    private IEnumerable<Change> Snapshot() =>
        conversations.Loaded.Select(conversation => new Change { Conversation = conversation.Describe() })
            .Concat(permissions.All.Where(item => item.State == PermissionRequest.Pending).Select(item => new Change { Permission = item.Describe() }));

    private static Event ResetAt(string epoch, long next) => new()
    {
        Epoch = epoch,
        Seq = next - 1,
        Kind = EventKind.Reset,
        Data = ByteString.CopyFromUtf8($$"""{"kind":"reset","epoch":"{{epoch}}","nextSeq":{{next}}}"""),
    };
}
