using Grpc.Core;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Machines;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Conversations;

/// <summary>Conversations as their machines' runtimes know them.</summary>
internal sealed class ConversationAccess(MachineRegistry machines, WorkspaceCatalog catalog, WorkspaceAccess workspaces)
{
    /// <param name="id">Chosen by the caller; repeated, the answer is the conversation that is there.</param>
    /// <param name="isRepeatable">The id follows from a key that may have been used for another request.</param>
    public async Task<ConversationView> CreateAsync(
        string workspaceId, NewConversation request, Guid id, bool isRepeatable, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await workspaces.FindAsync(workspaceId, cancellationToken);
        // The agent may be one that the host is only just installing.
        await machine.SettledAsync(cancellationToken);
        var created = await machine.Conversations.CreateAsync(
            new()
            {
                Id = id.ToString(), Workspace = workspace.Path, Path = request.Path ?? "", Agent = request.Agent ?? "", Title = request.Title ?? "",
            },
            cancellationToken: cancellationToken);
        if (isRepeatable && !Matches(created, request))
            throw KnownProblems.KeyReused.With($"The key was used before to begin '{created.Title}' with other values: use a new key for another conversation.");
        return await ViewAsync(machine, created, cancellationToken);
    }

    /// <summary>The conversations of one workspace, or of all that are open.</summary>
    public async Task<IReadOnlyList<ConversationView>> ListAsync(string? workspaceId, CancellationToken cancellationToken)
    {
        if (workspaceId is not null) return await ListAsync(await catalog.GetAsync(workspaceId, cancellationToken), cancellationToken);
        var lists = await Task.WhenAll((await catalog.ListAsync(cancellationToken)).Select(workspace => ListWhereItIsAsync(workspace, cancellationToken)));
        // A workspace inside another one is listed twice.
        return [.. lists.SelectMany(list => list).DistinctBy(view => (view.Machine, view.File))];
    }

    /// <summary>The conversation files of a workspace as its machine lists them: none of one that is not open any more; null where it cannot say.</summary>
    public async Task<IReadOnlyList<ConversationInfo>?> ListFilesAsync(MachineConnection machine, string workspace, CancellationToken cancellationToken)
    {
        try
        {
            using var call = machine.Conversations.List(new() { Workspace = workspace }, cancellationToken: cancellationToken);
            return await call.ResponseStream.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.Trailers.GetValue(ProtocolVersion.ProblemTrailer) == KnownProblems.WorkspaceNotFound.Type ? [] : null;
        }
    }

    public async Task<ConversationDetail> GetAsync(string id, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(id, cancellationToken);
        return new(content.Meta, [.. content.Turns.Select(TurnView.Of)], content.Queue);
    }

    /// <summary>The conversation as its file would read now, the running turn included.</summary>
    public async Task<ConversationContent> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var machine = Holding(id);
        var snapshot = await machine.Conversations.GetAsync(new() { Id = id }, cancellationToken: cancellationToken);
        var meta = await ViewAsync(machine, snapshot.Info, cancellationToken);
        var queue = snapshot.Queue.Select(prompt => new QueuedTurn(prompt.Turn, prompt.By, prompt.Text, [.. prompt.Attachments])).ToList();
        var parsed = ConversationMarkdown.Parse(snapshot.Markdown);
        return parsed.IsValid
            ? new(meta, parsed.Conversation.Turns, queue)
            : new(meta with { Error = meta.Error ?? parsed.Error.ToString() }, [], queue);
    }

    public async Task<ConversationView> GetMetaAsync(string id, CancellationToken cancellationToken)
    {
        var machine = Holding(id);
        var snapshot = await machine.Conversations.GetAsync(new() { Id = id }, cancellationToken: cancellationToken);
        return await ViewAsync(machine, snapshot.Info, cancellationToken);
    }

    public async Task<ConversationView> ForkAsync(string id, string? turn, Guid newId, CancellationToken cancellationToken)
    {
        var machine = Holding(id);
        var fork = await machine.Conversations.ForkAsync(
            new() { Id = newId.ToString(), Conversation = id, Turn = turn ?? "" }, cancellationToken: cancellationToken);
        return await ViewAsync(machine, fork, cancellationToken);
    }

    /// <summary>The machine to ask about a conversation.</summary>
    /// <exception cref="ProblemException">The id is none that a conversation could have.</exception>
    public MachineConnection Holding(string id) => Guid.TryParseExact(id, "D", out _)
        ? machines.Holding(id)
        : throw KnownProblems.ConversationNotFound.With($"No conversation has the id '{id}': GET /api/v1/conversations lists them.");

    public async ValueTask<ConversationView> ViewAsync(MachineConnection machine, ConversationInfo info, CancellationToken cancellationToken)
    {
        var machineId = await machine.GetIdAsync(cancellationToken);
        return new(info, machine.Name, (await catalog.FindAsync(machineId, info.Workspace, cancellationToken))?.Id);
    }

    /// <summary>The same, and none where the directory is gone: that costs the other workspaces nothing.</summary>
    private async Task<IReadOnlyList<ConversationView>> ListWhereItIsAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(workspace, cancellationToken);
        }
        catch (RpcException exception) when (exception.Trailers.GetValue(ProtocolVersion.ProblemTrailer) is { } problem
            && (problem == KnownProblems.DirectoryNotFound.Type || problem == KnownProblems.WorkspaceNotFound.Type))
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<ConversationView>> ListAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var (machine, _) = await workspaces.FindAsync(workspace.Id, cancellationToken);
        using var call = machine.Conversations.List(new() { Workspace = workspace.Path }, cancellationToken: cancellationToken);
        var views = new List<ConversationView>();
        await foreach (var info in call.ResponseStream.ReadAllAsync(cancellationToken)) views.Add(new(info, machine.Name, workspace.Id));
        return views;
    }

    private static bool Matches(ConversationInfo created, NewConversation request) =>
        (request.Path is null || request.Path.Trim('/') == created.Path)
        && (string.IsNullOrEmpty(request.Agent) || created.Agent == request.Agent || created.Agent.StartsWith(request.Agent.Split('@')[0] + "@", StringComparison.Ordinal))
        && (string.IsNullOrEmpty(request.Title) || created.Title == request.Title);
}

/// <summary>A conversation's turns, the running one included, and the prompts that wait.</summary>
internal sealed record ConversationContent(ConversationView Meta, IReadOnlyList<Turn> Turns, IReadOnlyList<QueuedTurn> Queue);
