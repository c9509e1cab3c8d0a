using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpAgent.Protocol;
using OpAgent.Server.Edge;
using OpAgent.Server.Machines;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Search;

/// <summary>Keeps the index as the files are: when the host starts, when a turn has ended, and before each search for what was edited by hand.</summary>
internal sealed class Indexer(
    IndexDatabase index, MachineRegistry machines, WorkspaceCatalog catalog, WorkspaceAccess workspaces, LiveBoard board, TimeProvider time, ILogger<Indexer> logger) : BackgroundService
{
    private const int Batch = 100;

    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _following;

    /// <summary>Completes when everything that was in the files at the time of the call is in the index.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken)
    {
        // A pass that is under way may be past what the caller wants to find: all who ask meanwhile share the next one.
        lock (_gate) return (_following ??= FollowAsync(_running)).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FollowChangesAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends. A start that failed ends it before it counts as stopping, and would report this as a crash.
        }
    }

    private async Task FollowChangesAsync(CancellationToken stoppingToken)
    {
        foreach (var machine in machines.All) await machine.SettledAsync(stoppingToken);
        await RefreshAsync(stoppingToken);
        while (true)
        {
            // Ends where a flood of changes cut this reader off: then it begins again with the present state.
            await foreach (var item in board.WatchAsync(stoppingToken))
            {
                if (item.Conversation is { Turn.Length: 0 } settled && ConversationReading.IsReadable(settled))
                    await RefreshOneAsync(machines.Get(item.Machine), settled, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate) (_running, _following) = (_following!, null);
        try
        {
            await PassAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.IndexingFailed(exception);
        }
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var known = index.ReadStamps();
        var (present, unknown) = await ListAsync(cancellationToken);
        var gone = known.Keys.Where(key => !present.ContainsKey(key) && !unknown.Contains(key.Machine)).ToList();
        var changed = present.Where(entry => known.GetValueOrDefault(entry.Key) != ConversationReading.StampOf(entry.Value.Info)).ToList();
        index.Write([], gone);
        foreach (var batch in changed.Chunk(Batch))
        {
            var read = new List<IndexedConversation>(batch.Length);
            var refused = new List<FileKey>();
            foreach (var (key, (machine, info)) in batch)
            {
                if (await ConversationReading.ReadAsync(machine, key, info, cancellationToken) is { } conversation) read.Add(conversation);
                else refused.Add(key);
            }

            index.Write(read, refused);
        }

        logger.Indexed(changed.Count, gone.Count, time.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>All files in the opened workspaces, and the machines that could not be asked: what is indexed of those stays.</summary>
    private async Task<(Dictionary<FileKey, (MachineConnection Machine, ConversationInfo Info)> Present, HashSet<string> Unknown)> ListAsync(
        CancellationToken cancellationToken)
    {
        var present = new Dictionary<FileKey, (MachineConnection, ConversationInfo)>();
        var unknown = new HashSet<string>();
        // A workspace inside another one lists the same files; the nearer one counts.
        foreach (var workspace in (await catalog.ListAsync(cancellationToken)).OrderByDescending(workspace => workspace.Path.Length))
        {
            try
            {
                // Also right after the host's start, when it has not heard yet which machine it is.
                var (machine, _) = await workspaces.FindAsync(workspace.Id, cancellationToken);
                using var call = machine.Conversations.List(new() { Workspace = workspace.Path }, cancellationToken: cancellationToken);
                await foreach (var info in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    if (ConversationReading.IsReadable(info)) present.TryAdd(new(workspace.MachineId, info.File), (machine, info));
                }
            }
            catch (Exception exception) when (exception is RpcException or Core.Problems.ProblemException)
            {
                unknown.Add(workspace.MachineId);
                logger.WorkspaceNotIndexed(workspace.Path, ProblemMapping.Explain(exception));
            }
        }

        return (present, unknown);
    }

    private async Task RefreshOneAsync(MachineConnection machine, ConversationInfo info, CancellationToken cancellationToken)
    {
        try
        {
            var key = new FileKey(await machine.GetIdAsync(cancellationToken), info.File);
            if (index.ReadStamp(key) == ConversationReading.StampOf(info)) return;
            if (await ConversationReading.ReadAsync(machine, key, info, cancellationToken) is { } conversation) index.Write([conversation], []);
        }
        catch (Exception exception) when (exception is RpcException or Core.Problems.ProblemException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.WorkspaceNotIndexed(info.Workspace, ProblemMapping.Explain(exception));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A full disk, say: the host is of use without the index.
            logger.IndexingFailed(exception);
        }
    }
}
