using System.Collections.Concurrent;
using OpAgent.Core;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

/// <summary>The conversations of this machine: loaded when somebody needs them, forgotten when nobody does.</summary>
internal sealed partial class ConversationStore(ConversationContext context)
{
    private const int Gates = 256;

    private static readonly TimeSpan UnloadAfter = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<Guid, LiveConversation> _loaded = new();

    /// <summary>One is held while a conversation begins or ceases to be here, so that there is one object, one journal and one file of it. Few conversations share one.</summary>
    private readonly Lock[] _gates = [.. Enumerable.Range(0, Gates).Select(_ => new Lock())];

    /// <summary>How many agents live or prompts wait.</summary>
    public int LiveSessions => _loaded.Values.Count(conversation => conversation.IsLive);

    /// <summary>True while one lives, or something waits for the disk that would be lost with this process.</summary>
    public bool IsUsed => _loaded.Values.Any(conversation => conversation.IsUsed);

    public IEnumerable<LiveConversation> Loaded => _loaded.Values;

    /// <summary>Creates a conversation and its file. The same id again gives what there is.</summary>
    public ConversationInfo Create(CreateConversationRequest request)
    {
        if (!Guid.TryParse(request.Id, out var id)) throw KnownProblems.InvalidRequest.With($"'{request.Id}' is not a UUID.");
        using var creating = GateOf(id).EnterScope();
        if (WasCreated(id)) return Get(request.Id).Describe();
        using var root = context.Workspaces.OpenRoot(request.Workspace);
        var directory = WorkspaceRoot.Normalize(request.Path);
        root.OpenBelow(directory, Posix.LibC.O_PATH | Posix.LibC.O_DIRECTORY).Dispose();
        var requested = request.Agent.Length > 0 ? request.Agent : null;
        var agent = context.Agents.Resolve(root, directory, requested);
        var title = OneLine(request.Title);
        return Add(root, directory, requested, new Conversation(new ConversationHeader(id, title.Length > 0 ? title : LiveConversation.Untitled, agent.Label, Now())));
    }

    /// <summary>Creates a conversation that begins with what was said in another, up to and including one turn.</summary>
    public ConversationInfo Fork(ForkRequest request)
    {
        if (!Guid.TryParse(request.Id, out var id)) throw KnownProblems.InvalidRequest.With($"'{request.Id}' is not a UUID.");
        if (WasCreated(id)) return Get(request.Id).Describe();
        // Before the lock: what was said may be much, and its conversation has a lock of its own.
        var source = Get(request.Conversation);
        var original = ConversationFile.Parse(source.File, source.Snapshot().Markdown);
        var last = request.Turn.Length == 0 ? original.Turns.Count - 1 : original.Turns.ToList().FindLastIndex(turn => turn.Id.ToString() == request.Turn);
        if (last < 0 && request.Turn.Length > 0) throw KnownProblems.TurnNotFound.With($"Turn '{request.Turn}' is not in the conversation.");
        var forkedFrom = last < 0 ? $"{source.Id}" : $"{source.Id}#{original.Turns[last].Id}";
        var header = original.Header with { Id = id, Created = Now(), ForkedFrom = forkedFrom };
        using var creating = GateOf(id).EnterScope();
        if (WasCreated(id)) return Get(request.Id).Describe();
        using var root = context.Workspaces.OpenRoot(source.Workspace);
        return Add(root, ConversationFile.DirectoryOf(source.File) ?? "", source.RequestedAgent, original with { Header = header, Turns = original.Turns.Take(last + 1).ToValueList() });
    }

    /// <exception cref="ProblemException">There is no such conversation on this machine.</exception>
    public LiveConversation Get(string id) =>
        Guid.TryParse(id, out var guid) && TryGet(guid) is { } conversation
            ? conversation
            : throw KnownProblems.ConversationNotFound.With($"There is no conversation '{id}' in the workspaces that are open on this machine.");

    /// <summary>Every conversation file of a workspace: the ones that can be spoken to, broken ones, and copies, which are read-only.</summary>
    public IEnumerable<ConversationInfo> List(string workspace)
    {
        using var root = context.Workspaces.OpenRoot(workspace);
        var seen = new Dictionary<Guid, ConversationInfo>();
        var items = new List<ConversationInfo>();
        foreach (var found in context.Finder.Find(root).ToList())
        {
            var live = found.Header is { } header ? _loaded.GetValueOrDefault(header.Id) : null;
            // The file that the runtime knows is the conversation; without such knowledge the one that was there first.
            var isOriginal = live is not null ? live.File == found.File && live.Workspace == workspace : found.Header is not { } known || IsOriginal(known.Id, workspace, found.File);
            var info = live is not null && isOriginal ? live.Describe(found) : ConversationDescription.Of(workspace, found.File, found);
            info.Copy = !isOriginal;
            if (found.Header is { } id && isOriginal && !seen.TryAdd(id.Id, info)) info.Copy = true;
            items.Add(info);
        }

        return items;
    }

    /// <summary>Closes what a crash left open, and goes on with prompts that wait.</summary>
    public void Recover()
    {
        foreach (var mark in Directory.GetFiles(context.Home.Live))
        {
            Interlocked.Increment(ref _recovering);
            _ = RecoverAsync(Path.GetFileName(mark));
        }
    }

    /// <summary>Forgets conversations that nobody uses.</summary>
    public void Unload()
    {
        foreach (var conversation in _loaded.Values)
        {
            // In the lock, so that it is not loaded a second time while the first still has the journal.
            lock (GateOf(conversation.Id))
            {
                if (conversation.TryClose(UnloadAfter)) _loaded.TryRemove(conversation.Id, out _);
            }
        }
    }

    /// <summary>Tries again to write what the disk did not take before.</summary>
    public async Task RetryAsync()
    {
        foreach (var conversation in _loaded.Values)
        {
            try
            {
                await conversation.RetryAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is ProblemException or IOException)
            {
                // This comes twice a minute while the disk is full.
                SessionsLog.StillNotWritten(context.Logger, conversation.Id, error.Message);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                SessionsLog.RecoveryFailed(context.Logger, conversation.Id.ToString(), error);
            }
        }
    }

    /// <summary>Ends every session, and tries once more to write what the disk did not take.</summary>
    public Task StopAllAsync() => Task.WhenAll(_loaded.Values.Where(conversation => conversation.IsUsed).Select(conversation => conversation.StopAsync("opagent")));

    /// <summary>Ends the sessions in a workspace, whose agents may less from now on. Their conversations stay.</summary>
    public Task StopAllAsync(string workspace) =>
        Task.WhenAll(_loaded.Values.Where(conversation => conversation.Workspace == workspace && conversation.IsLive).Select(conversation => conversation.StopAsync("opagent")));

    public IEnumerable<AgentProcessOwner> AgentProcesses() =>
        from conversation in _loaded.Values
        let process = conversation.Process
        where process is not null
        select new AgentProcessOwner(process, conversation.Id.ToString(), conversation.AgentLabel);

    /// <summary>True where this runtime made the conversation; without looking through the workspaces for it.</summary>
    private bool WasCreated(Guid id) => _loaded.ContainsKey(id) || SessionRecord.Read(DirectoryOf(id)) is not null;

    private Lock GateOf(Guid id) => _gates[(uint)id.GetHashCode() % Gates];

    private string DirectoryOf(Guid id) => Path.Combine(context.Home.Sessions, id.ToString());

    private LiveConversation? TryGet(Guid id)
    {
        if (_loaded.TryGetValue(id, out var loaded) && loaded.TryUse()) return loaded;
        lock (GateOf(id))
        {
            if (_loaded.TryGetValue(id, out loaded) && loaded.TryUse()) return loaded;
            if (ReadRecord(id) is not { } record) return null;
            loaded = _loaded[id] = LiveConversation.Load(context, id, record);
        }

        // A long turn takes a while to be read again.
        Interlocked.Increment(ref _recovering);
        _ = Task.Run(() => RecoverAsync(id.ToString()));
        return loaded;
    }

    /// <summary>What is known of a conversation: from the runtime home, or from its file in an open workspace.</summary>
    private SessionRecord? ReadRecord(Guid id)
    {
        var open = context.Workspaces.Roots;
        if (SessionRecord.Read(DirectoryOf(id)) is { } record && open.Contains(record.Workspace)) return record;
        foreach (var workspace in open.Where(Directory.Exists))
        {
            using var root = WorkspaceRoot.Open(workspace);
            if (context.Finder.Find(root, id) is { } found) return new SessionRecord(workspace, found.File);
        }

        return null;
    }

    private bool IsOriginal(Guid id, string workspace, string file)
    {
        if (SessionRecord.Read(DirectoryOf(id)) is not { } record) return true;
        if (record.Workspace == workspace && record.File == file) return true;
        // Where the known file is gone, this one was moved here.
        return !File.Exists(Path.Combine(record.Workspace, record.File));
    }

    private ConversationInfo Add(WorkspaceRoot root, string directory, string? requestedAgent, Conversation conversation)
    {
        var file = ConversationFile.Create(root, directory, conversation);
        LiveConversation? live = null;
        try
        {
            live = LiveConversation.Load(context, conversation.Header.Id, new SessionRecord(root.Path, file) { RequestedAgent = requestedAgent });
            live.SaveNew();
        }
        catch
        {
            // It is told that there is none, so none may be found later.
            live?.Journal.Dispose();
            WorkspaceFiles.Delete(root, file, ifMatch: "", recursive: false);
            throw;
        }

        _loaded[live.Id] = live;
        live.AnnounceNew();
        return live.Describe();
    }

    private async Task RecoverAsync(string id)
    {
        try
        {
            await Get(id).RecoverAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SessionsLog.RecoveryFailed(context.Logger, id, error);
        }
        finally
        {
            Interlocked.Decrement(ref _recovering);
        }
    }

    private DateTimeOffset Now()
    {
        var now = context.Time.GetUtcNow();
        // The file shows whole seconds.
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
