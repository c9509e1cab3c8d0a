using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// A conversation on this machine: its journal, its file, its queue and, while one lives, its agent's session.
/// Commands run one at a time; what readers see is guarded by one lock that is never held across a wait.
/// </summary>
internal sealed partial class LiveConversation : IAsyncDisposable
{
    private readonly ConversationContext _context;
    private readonly string _directory;
    private readonly Journal _journal;
    private readonly PendingAppend _appends;
    private readonly SemaphoreSlim _commands = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Lock _recordGate = new();
    private readonly Queue<Prompt> _queue = new();
    private readonly AcceptedCommands _accepted = new();
    private readonly CrashWatch _crashes;
    private SessionRecord _record;
    private string _knownFile;      // where the file was when the agent last learned of it
    private RunningTurn? _turn;
    private long? _accepting;        // the event of a prompt that neither runs nor waits yet, while it goes to the disk
    private AgentSession? _session;
    private ConversationLock? _lock;
    private string _state = ConversationState.Idle;
    private string? _reason;
    private long _lastUse;
    private int _followers;
    private bool _closed;

    private LiveConversation(ConversationContext context, Guid id, SessionRecord record, string directory, Journal journal)
    {
        _context = context;
        Id = id;
        _record = record;
        _knownFile = record.File;
        _directory = directory;
        _journal = journal;
        _appends = new PendingAppend(context.Home.Disk, directory);
        _crashes = new CrashWatch(context.Options, context.Time);
        _lastUse = context.Time.GetTimestamp();
    }

    public Guid Id { get; }

    /// <summary>The workspace's root directory.</summary>
    public string Workspace => _record.Workspace;

    /// <summary>The conversation's file, relative to the workspace.</summary>
    public string File => _record.File;

    public Journal Journal => _journal;

    /// <summary>The agent that a person chose for this conversation; null where the binding decides.</summary>
    public string? RequestedAgent => _record.RequestedAgent;

    /// <summary>The agent of the running or the last turn, as <c>id@version</c>.</summary>
    public string AgentLabel => _turn?.Agent ?? _session?.Agent.Label ?? _record.Agent ?? "";

    /// <summary>The live agent's process; null where none lives.</summary>
    public ChildProcess? Process => _session?.Process;

    /// <summary>True while the agent runs or prompts wait.</summary>
    public bool IsLive
    {
        get
        {
            lock (_gate) return _session is not null || _turn is not null || _queue.Count > 0;
        }
    }

    /// <summary>True while it is live, or while something of it waits for the disk that would be lost with this process.</summary>
    public bool IsUsed
    {
        get
        {
            lock (_gate) return IsLive || _unfinished is not null || _journal.HasPending;
        }
    }

    /// <summary>Counts one more follower until disposed; a followed conversation stays loaded.</summary>
    public IDisposable AddFollower()
    {
        Interlocked.Increment(ref _followers);
        return new Follower(this);
    }

    /// <summary>Keeps the object for whoever wants to use it now; false where it was closed and must be loaded again.</summary>
    public bool TryUse()
    {
        lock (_gate)
        {
            Touch();
            return !_closed;
        }
    }

    /// <summary>Lets go of the journal's descriptor where nobody has used the object for a while and nothing would be lost by forgetting it: all it knows is on the disk.</summary>
    public bool TryClose(TimeSpan idle)
    {
        // Held for long only where the agent tells much at once, and then it is used.
        if (!_gate.TryEnter()) return false;
        try
        {
            if (_context.Time.GetElapsedTime(Interlocked.Read(ref _lastUse)) <= idle || Volatile.Read(ref _followers) > 0 || IsUsed) return false;
            _closed = true;
            ReleaseLock();
            _journal.Dispose();
            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public ConversationInfo Describe()
    {
        using var root = TryOpenRoot();
        return Describe(root is null ? null : _context.Finder.Look(root, File));
    }

    public ConversationInfo Describe(FoundConversation? found)
    {
        lock (_gate)
        {
            var info = ConversationDescription.Of(Workspace, File, found);
            info.Id = Id.ToString();
            if (found is null) info.Error = $"The file '{File}' is gone.";
            if (_turn?.Agent is { Length: > 0 } agent) info.Agent = agent;
            info.State = _state;
            info.Reason = _reason ?? "";
            // Whoever goes on from here must still hear of the prompt that is not to be seen yet.
            info.LastSeq = _accepting - 1 ?? _journal.LastSeq;
            info.Epoch = _journal.Epoch;
            info.Turn = _turn?.Id.ToString() ?? "";
            info.TurnSeq = _turn?.Seq ?? 0;
            info.Queued = _queue.Count;
            info.Pid = _session?.Pid ?? 0;
            info.Mode = _session?.Modes.Current ?? _record.Mode ?? "";
            info.Modes.AddRange(_session?.Modes.Available ?? []);
            return info;
        }
    }

    /// <summary>The conversation as its file would read now, with the running turn.</summary>
    public ConversationSnapshot Snapshot()
    {
        Touch();
        using var root = OpenRoot();
        while (true)
        {
            var turn = _turn;
            var isEnded = turn?.Outcome is not null;
            var file = Locate(root);
            var text = ConversationFile.Read(root, file.File);
            lock (_gate)
            {
                // A turn that began or ended while the file was read stands in both places or in none.
                if (turn != _turn || isEnded != turn?.Outcome is not null) continue;
                _journal.TryFlush();
                var info = Describe(file);
                if (turn is not null && info.Error.Length == 0 && !(isEnded && HoldsReply(text, turn.Id))) text = ConversationMarkdown.Append(text, Reply(turn));
                var snapshot = new ConversationSnapshot { Info = info, Markdown = text };
                snapshot.Queue.AddRange(_queue.Select(prompt => new QueuedPrompt { Turn = prompt.Turn.ToString(), Text = prompt.Text, Attachments = { prompt.Attachments }, By = prompt.By }));
                return snapshot;
            }
        }
    }

    /// <summary>Ends the running turn, the queue and the agent. The conversation stays.</summary>
    public async Task<ConversationInfo> StopAsync(string by)
    {
        await ClearQueueAsync().ConfigureAwait(false);
        if (_turn is { } turn)
        {
            CancelTurn(turn, by);
            await turn.Completion.ConfigureAwait(false);
        }

        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndSessionAsync(_session).ConfigureAwait(false);
            await TryWriteWhatWaitsAsync().ConfigureAwait(false);
            if (_turn is not { IsOver: false }) ReleaseLock();
            if (_turn is null) SetState(ConversationState.Stopped);
        }
        finally
        {
            _commands.Release();
        }

        return Describe();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("opagent").ConfigureAwait(false);
        _journal.Dispose();
    }

    /// <summary>Tries once more what the disk did not take: the runtime may be about to end.</summary>
    private async Task TryWriteWhatWaitsAsync()
    {
        try
        {
            if (_turn is { Outcome: not null } ended) await WriteEndAsync(ended).ConfigureAwait(false);
            else if (_journal.HasPending) await _journal.SyncAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SessionsLog.Failed(_context.Logger, Id, "writing what the disk did not take before", error);
        }
    }

    private static bool HoldsReply(string text, Guid turn) => ConversationMarkdown.Parse(text).Conversation?.Turns.Any(part => part.Id == turn && part.IsReply) == true;

    /// <summary>Tells the watchers of a conversation that was just created.</summary>
    public void AnnounceNew() => Changed();

    private void Touch() => Interlocked.Exchange(ref _lastUse, _context.Time.GetTimestamp());

    private void SetState(string state, string? reason = null)
    {
        lock (_gate) (_state, _reason) = (state, reason);
        Changed();
    }

    private void Changed() => _context.Changes.Publish(this, () => new Change { Conversation = Describe() });

    private WorkspaceRoot OpenRoot() => _context.Workspaces.OpenRoot(Workspace);

    private WorkspaceRoot? TryOpenRoot()
    {
        try
        {
            return OpenRoot();
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    /// <summary>Finds the conversation's file, also where it was moved to.</summary>
    /// <exception cref="ProblemException">The file is gone.</exception>
    private FoundConversation Locate(WorkspaceRoot root)
    {
        var found = _context.Finder.Look(root, File);
        // A broken file in the known place is the conversation's all the same: it is shown with its error.
        if (found is not null && (found.Header is null || found.Header.Id == Id)) return found;
        var candidates = _context.Finder.Find(root).Where(candidate => candidate.Header?.Id == Id).ToList();
        // A copy has the same id; the one that was moved is as we wrote it last.
        found = candidates.Find(candidate => candidates.Count == 1 || ConversationFile.Hash(ConversationFile.Read(root, candidate.File)) == _record.FileHash)
            ?? candidates.FirstOrDefault()
            ?? throw KnownProblems.ConversationNotFound.With($"The conversation's file '{File}' was deleted. Restore it to go on with the conversation.");
        SaveRecord(record => record with { File = found.File });
        return found;
    }

    private void SaveRecord(Func<SessionRecord, SessionRecord> change)
    {
        lock (_recordGate)
        {
            var record = change(_record);
            if (record == _record) return;
            _record = record;
            try
            {
                record.Save(_context.Home.Disk, _directory);
            }
            catch (IOException error)
            {
                // All of it can be found out again, at the price of a new session.
                SessionsLog.Failed(_context.Logger, Id, "saving the session's record", error);
            }
        }
    }

    private sealed class Follower(LiveConversation conversation) : IDisposable
    {
        private LiveConversation? _conversation = conversation;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _conversation, null) is not { } followed) return;
            followed.Touch();
            Interlocked.Decrement(ref followed._followers);
        }
    }
}
