using System.Text.Json;
using OpAgent.Acp.Folding;
using OpAgent.Runtime.Files;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation
{
    private UnfinishedTurn? _unfinished;

    /// <summary>Loads a conversation from its directory in the runtime home. What a crash left open is closed by <see cref="RecoverAsync"/>.</summary>
    public static LiveConversation Load(ConversationContext context, Guid id, SessionRecord record)
    {
        var directory = Path.Combine(context.Home.Sessions, id.ToString());
        Directory.CreateDirectory(directory);
        var history = new JournalHistory();
        var journal = Journal.Open(Path.Combine(directory, "journal.ndjson"), context.JournalOptions, context.Time, history.Add);
        var conversation = new LiveConversation(context, id, record, directory, journal);
        foreach (var (prompt, seq) in history.Prompts) conversation._accepted.Add(prompt, seq);
        conversation._unfinished = history.Unfinished;
        foreach (var prompt in history.Waiting) conversation._queue.Enqueue(prompt);
        return conversation;
    }

    /// <summary>Closes the turn that a runtime's end interrupted, then goes on with the prompts that wait.</summary>
    public async Task RecoverAsync()
    {
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_turn is null) await SettleAsync().ConfigureAwait(false);
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>Tries again what the disk did not take before.</summary>
    public async Task RetryAsync()
    {
        if (_unfinished is not null) await RecoverAsync().ConfigureAwait(false);
        else if (_journal.HasPending) await _journal.SyncAsync().ConfigureAwait(false);
    }

    /// <summary>The one place where a turn that nobody runs any more is closed; among the commands, so that nothing begins before.</summary>
    private async Task SettleAsync()
    {
        if (_unfinished is { } unfinished)
        {
            await CloseAsync(unfinished).ConfigureAwait(false);
            lock (_gate)
            {
                _unfinished = null;
                if (_state == ConversationState.Failed) (_state, _reason) = (ConversationState.Idle, null);
            }

            Changed();
        }

        await BeginNextAsync().ConfigureAwait(false);
    }

    /// <summary>Saves what a new conversation is known by.</summary>
    public void SaveNew() => _record.Save(_directory);

    private async Task CloseAsync(UnfinishedTurn unfinished)
    {
        _journal.Flush();
        using var root = OpenRoot();
        var file = Locate(root).File;
        _lock ??= ConversationLock.Acquire(root, file, Id);
        foreach (var permission in unfinished.OpenPermissions)
        {
            _journal.Append(EventKind.PermissionResolved, unfinished.Prompt.Turn, writer =>
            {
                writer.WriteString("permission", permission);
                writer.WriteString("option", PermissionRequest.Cancelled);
                writer.WriteString("by", "opagent");
            });
        }

        _appends.Complete(root, file);
        var text = ConversationFile.Read(root, file);
        var parts = ConversationFile.Parse(file, text).Turns.Where(part => part.Id == unfinished.Prompt.Turn).ToList();
        if (!parts.Any(part => !part.IsReply)) _appends.Append(root, file, text, PromptPart(unfinished.Prompt, unfinished.At));
        var outcome = parts.Find(part => part.IsReply) is { Stop: { } stop } reply ? new TurnOutcome(stop, reply.Error) : WriteInterrupted(root, file, unfinished);
        await EndUnstartedAsync(unfinished.Prompt, outcome.StopReason, outcome.Error).ConfigureAwait(false);
        SessionsLog.TurnRecovered(_context.Logger, Id, unfinished.Prompt.Turn);
    }

    private TurnOutcome WriteInterrupted(WorkspaceRoot root, string file, UnfinishedTurn unfinished)
    {
        var fold = new TurnFold(Path.Combine(Workspace, ConversationFile.DirectoryOf(file) ?? ""), Id.ToString());
        var agent = Refold(unfinished, fold) ?? _record.Agent ?? ConversationFile.Parse(file, ConversationFile.Read(root, file)).Header.Agent;
        var turn = new RunningTurn(unfinished.Prompt, unfinished.Seq, agent, fold, unfinished.At);
        if (unfinished.Outcome is null) AddNotice(turn, "runtime-ended", "OpAgent's runtime ended in the middle of this turn; what the agent had said is kept.");
        var outcome = unfinished.Outcome ?? TurnOutcome.Interrupted("OpAgent's runtime ended in the middle of the turn. Send the prompt again to go on.", failed: false);
        WriteReply(turn, outcome);
        return outcome;
    }

    /// <summary>Replays the turn's updates from the journal.</summary>
    /// <returns>The agent that answered, where it had started.</returns>
    private string? Refold(UnfinishedTurn unfinished, TurnFold fold)
    {
        string? agent = null;
        // The beginning of a very long turn may have been dropped; what is left of it is kept.
        var reader = new JournalReader(_journal, _journal.Epoch, Math.Max(unfinished.Seq, _journal.FirstSeq - 1));
        while (reader.TryRead(out var entry))
        {
            using var line = JsonDocument.Parse(entry.Data);
            if (!line.RootElement.TryGetProperty("turn", out var turn) || turn.GetGuid() != unfinished.Prompt.Turn) continue;
            var at = line.RootElement.GetProperty("at").GetDateTimeOffset();
            switch (entry.Kind)
            {
                case EventKind.Update:
                    fold.Apply(System.Text.Encoding.UTF8.GetBytes(line.RootElement.GetProperty("update").GetRawText()), at);
                    break;
                case EventKind.AgentStarted:
                    agent = $"{line.RootElement.GetProperty("agent").GetString()}@{line.RootElement.GetProperty("version").GetString()}";
                    break;
            }
        }

        fold.Finish(_context.Time.GetUtcNow());
        return agent;
    }

    /// <summary>Leaves a mark in the runtime home while there is something to recover after a crash.</summary>
    private void MarkLive() => System.IO.File.WriteAllBytes(Path.Combine(_context.Home.Live, Id.ToString()), []);

    private void UnmarkLive() => System.IO.File.Delete(Path.Combine(_context.Home.Live, Id.ToString()));
}
