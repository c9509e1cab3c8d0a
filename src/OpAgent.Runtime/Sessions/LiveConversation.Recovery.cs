using System.Text.Json;
using OpAgent.Acp.Folding;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation
{
    private const string RuntimeEnded = "runtime-ended";

    private UnfinishedTurn? _unfinished;      // until it is made a turn again, which is then closed as any other

    /// <summary>Loads a conversation from its directory in the runtime home. What a crash left open is closed by <see cref="RecoverAsync"/>.</summary>
    public static LiveConversation Load(ConversationContext context, Guid id, SessionRecord record)
    {
        var directory = Path.Combine(context.Home.Sessions, id.ToString());
        Directory.CreateDirectory(directory);
        var history = new JournalHistory();
        var journal = Journal.Open(context.Home.Disk, Path.Combine(directory, "journal.ndjson"), context.JournalOptions, context.Time, history.Add);
        var conversation = new LiveConversation(context, id, record, directory, journal);
        foreach (var (prompt, seq) in history.Prompts) conversation._accepted.Add(prompt, seq);
        conversation._unfinished = history.Unfinished;
        foreach (var prompt in history.Waiting) conversation._queue.Enqueue(prompt);
        return conversation;
    }

    /// <summary>Closes the turn that a runtime's end interrupted, or whose end the disk did not take; then goes on with the prompts that wait.</summary>
    public async Task RecoverAsync()
    {
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            await SettleAsync().ConfigureAwait(false);
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>Tries again what the disk did not take before.</summary>
    public async Task RetryAsync()
    {
        if (IsUnsettled) await RecoverAsync().ConfigureAwait(false);
        if (_journal.HasPending) await _journal.SyncAsync().ConfigureAwait(false);
    }

    /// <summary>True while a turn that nobody runs waits for its end to be written, or a prompt for its turn though none runs.</summary>
    private bool IsUnsettled
    {
        get
        {
            lock (_gate) return _unfinished is not null || _turn is { Outcome: not null } || (_turn is null && _queue.Count > 0);
        }
    }

    /// <summary>The one place where a turn that nobody runs any more is closed; among the commands, so that nothing begins before.</summary>
    private async Task SettleAsync()
    {
        if (_unfinished is { } unfinished)
        {
            var recovered = Refold(unfinished);
            lock (_gate) (_turn, _unfinished) = (recovered, null);
        }

        if (_turn is { Outcome: not null } turn) await WriteEndAsync(turn).ConfigureAwait(false);
        if (_turn is null) await BeginNextAsync().ConfigureAwait(false);
    }

    /// <summary>Saves what a new conversation is known by.</summary>
    public void SaveNew() => _record.Save(_context.Home.Disk, _directory);

    /// <summary>Makes an interrupted turn again from what the journal holds of it.</summary>
    private RunningTurn Refold(UnfinishedTurn unfinished)
    {
        var (fold, agent, asked, isNoted) = Replay(unfinished);
        foreach (var call in asked) Decide(fold, call, PermissionRequest.Cancelled);
        fold.Finish(_context.Time.GetUtcNow());
        var recovered = new RunningTurn(unfinished.Prompt, unfinished.Seq, agent, fold, unfinished.At)
        {
            IsOver = true,
            Outcome = TurnOutcome.Interrupted("OpAgent's runtime ended in the middle of the turn. Send the prompt again to go on.", failed: false),
            Recovered = unfinished,
        };
        // It ended another time where the notice is there already.
        if (!isNoted) AddNotice(recovered, RuntimeEnded, "OpAgent's runtime ended in the middle of this turn; what the agent had said is kept.");
        return recovered;
    }

    /// <summary>Folds what the journal holds of a turn that has not ended.</summary>
    /// <returns>Also its agent, the tool calls that were asked about and not decided, and whether it was noted that the runtime ended.</returns>
    private (TurnFold Fold, string Agent, IEnumerable<JsonElement> Asked, bool IsNoted) Replay(UnfinishedTurn unfinished)
    {
        var fold = new TurnFold(Path.Combine(Workspace, ConversationFile.DirectoryOf(File) ?? ""), Id.ToString());
        var asked = new Dictionary<Guid, JsonElement>();
        var (agent, isNoted) = (LastAgent(), false);
        _journal.Flush();
        // The beginning of a very long turn may have been dropped; what is left of it is kept.
        var reader = new JournalReader(_journal, _journal.Epoch, Math.Max(unfinished.Seq, _journal.FirstSeq - 1));
        while (reader.TryRead(out var entry))
        {
            using var document = JsonDocument.Parse(entry.Data);
            var line = document.RootElement;
            if (!line.TryGetProperty("turn", out var turn) || turn.GetGuid() != unfinished.Prompt.Turn) continue;
            switch (entry.Kind)
            {
                case EventKind.Update:
                    fold.Apply(System.Text.Encoding.UTF8.GetBytes(line.GetProperty("update").GetRawText()), line.GetProperty("at").GetDateTimeOffset());
                    break;
                case EventKind.AgentStarted:
                    agent = $"{line.GetProperty("agent").GetString()}@{line.GetProperty("version").GetString()}";
                    break;
                case EventKind.PermissionRequested:
                    var permission = line.GetProperty("permission");
                    asked[permission.GetProperty("id").GetGuid()] = permission.GetProperty("toolCall").Clone();
                    break;
                case EventKind.PermissionResolved:
                    if (asked.Remove(line.GetProperty("permission").GetGuid(), out var call)) Decide(fold, call, DecisionOf(line));
                    break;
                case EventKind.Notice:
                    var notice = line.GetProperty("notice").GetString()!;
                    isNoted |= notice == RuntimeEnded;
                    if (notice != ReplyNotWritten) fold.AddNotice(notice, line.GetProperty("text").GetString()!, line.TryGetProperty("body", out var body) ? body.GetString()! : "");
                    break;
            }
        }

        return (fold, agent, asked.Values, isNoted);
    }

    private static string DecisionOf(JsonElement resolved) =>
        resolved.GetProperty("option").GetString() is PermissionRequest.Cancelled ? PermissionRequest.Cancelled : $"{resolved.GetProperty("by").GetString()} {resolved.GetProperty("option").GetString()}";

    private static void Decide(TurnFold fold, JsonElement toolCall, string decision)
    {
        if (toolCall.TryGetProperty("toolCallId", out var id) && id.GetString() is { } text) fold.Decide(text, toolCall, decision);
    }

    /// <summary>The agent of a turn that ended before its agent was started.</summary>
    private string LastAgent()
    {
        using var root = TryOpenRoot();
        return _record.Agent ?? (root is null ? null : _context.Finder.Look(root, File)?.Header?.Agent) ?? "unknown@0.0.0";
    }

    /// <summary>Leaves a mark in the runtime home while there is something to recover after a crash.</summary>
    private void MarkLive() => _context.Home.Disk.Open(LiveMark, LibC.O_WRONLY | LibC.O_CREAT, 0x180).Dispose();

    private void UnmarkLive()
    {
        try
        {
            _context.Home.Disk.Delete(LiveMark);
        }
        catch (IOException error)
        {
            // A mark too many costs a look after the next start.
            SessionsLog.Failed(_context.Logger, Id, "removing the mark of a live conversation", error);
        }
    }

    private string LiveMark => Path.Combine(_context.Home.Live, Id.ToString());
}
