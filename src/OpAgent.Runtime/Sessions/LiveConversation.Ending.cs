using OpAgent.Acp;
using OpAgent.Acp.Folding;
using OpAgent.Core;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation
{
    private const string UntitledTitle = "New conversation";
    private const int MaxTitleLength = 80;
    private const string ReplyNotWritten = "reply-not-written";

    /// <summary>The title of a conversation that was given none, until its first prompt.</summary>
    public static string Untitled => UntitledTitle;

    /// <summary>Ends a turn that the agent has ended, or that could not be asked.</summary>
    private async Task EndTurnAsync(RunningTurn turn, TurnOutcome outcome)
    {
        turn.IsOver = true;
        CancelPermissions(turn.Id, "opagent");
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                TellOfJunk(turn, _session);
                turn.Fold.Finish(_context.Time.GetUtcNow());
                turn.Cost = _session?.CostOf(turn.Fold.Usage);
                turn.Outcome = outcome;
            }

            await SettleAsync().ConfigureAwait(false);
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>
    /// Writes the end of a turn that nobody runs any more: file, then journal, both on the disk. A turn whose end could not be written stays, and this is tried again.
    /// </summary>
    private async Task WriteEndAsync(RunningTurn turn)
    {
        try
        {
            if (!turn.EndAppended)
            {
                WriteReply(turn);
                AppendEnd(turn);
            }

            await _journal.SyncAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (_session is null) ReleaseLock();
            SetState(ConversationState.Failed, $"The turn's end could not be written yet: {error.Message}");
            throw;
        }

        if (turn.Recovered is not null) SessionsLog.TurnRecovered(_context.Logger, Id, turn.Id);
        lock (_gate)
        {
            _turn = null;
            (_state, _reason) = turn.Outcome!.Failed ? (ConversationState.Failed, turn.Outcome.Error) : (ConversationState.Idle, null);
        }

        Touch();
        Changed();
    }

    private void AppendEnd(RunningTurn turn)
    {
        lock (_gate)
        {
            foreach (var permission in turn.Recovered?.OpenPermissions ?? [])
            {
                _journal.Append(EventKind.PermissionResolved, turn.Id, writer =>
                {
                    writer.WriteString("permission", permission);
                    writer.WriteString("option", PermissionRequest.Cancelled);
                    writer.WriteString("by", "opagent");
                });
            }

            _journal.Append(EventKind.TurnEnded, turn.Id, writer =>
            {
                writer.WriteString("stopReason", turn.Outcome!.StopReason);
                UsageJson.Write(writer, turn.Fold.Usage, turn.Cost);
                if (turn.Outcome.Error is { } error) writer.WriteString("error", error);
            });
            turn.EndAppended = true;
        }
    }

    private void WriteReply(RunningTurn turn)
    {
        try
        {
            using var root = OpenRoot();
            var (file, text) = ReadOrRecreate(root, turn);
            var parts = ConversationFile.Parse(file, text).Turns.Where(part => part.Id == turn.Id).ToList();
            // A crash may have come before the prompt was written; one that is missing otherwise was deleted by a person.
            if (turn.Recovered is not null && parts.Count == 0) text = _appends.Append(root, file, text, PromptPart(turn.Prompt, turn.Started));
            if (parts.Find(part => part.IsReply) is not { } written)
            {
                WriteSpilled(root, file, turn);
                text = _appends.Append(root, file, text, Reply(turn));
            }
            else if (turn.Recovered is not null && written.Stop is { } stop)
            {
                // The crash came after the reply was written and before the journal said so.
                turn.Outcome = new TurnOutcome(stop, written.Error);
            }

            SaveRecord(record => record with { File = file, FileHash = ConversationFile.Hash(text), Agent = turn.Agent, AcpSession = _session?.Id });
        }
        catch (Exception error) when (error is ProblemException or IOException)
        {
            // A file that a person broke in the meantime is not written over; the reply is kept until it can be read again.
            if (turn.Recovered is not null) _appends.Keep(PromptPart(turn.Prompt, turn.Started));
            _appends.Keep(Reply(turn));
            SessionsLog.Failed(_context.Logger, Id, "writing the reply into the file", error);
            _journal.Append(EventKind.Notice, turn.Id, writer =>
            {
                writer.WriteString("notice", ReplyNotWritten);
                writer.WriteString("text", $"The reply could not be written into the conversation's file and is kept until it can: {error.Message}");
            });
        }
    }

    /// <summary>The file's present text; where a person deleted the file during the turn, it is made again with a notice.</summary>
    private (string File, string Text) ReadOrRecreate(WorkspaceRoot root, RunningTurn turn)
    {
        try
        {
            return OpenFile(root);
        }
        catch (ProblemException gone) when (gone.Problem == KnownProblems.ConversationNotFound)
        {
            var created = _context.Time.GetUtcNow();
            var conversation = new Conversation(new ConversationHeader(Id, TitleFrom(turn.Prompt.Text), turn.Agent, created)) { Turns = [PromptPart(turn.Prompt, turn.Started)] };
            var file = ConversationFile.Create(root, ConversationFile.DirectoryOf(File) ?? "", conversation);
            _appends.Forget();
            AddNotice(turn, "file-recreated", "The conversation's file was deleted during this turn; it was made again from here on.");
            _lock ??= ConversationLock.Acquire(root, file, Id);
            return (file, ConversationFile.Read(root, file));
        }
    }

    /// <summary>The conversation's file, which nobody else writes from here on, and its text, whole also where the last write was interrupted.</summary>
    private (string File, string Text) OpenFile(WorkspaceRoot root)
    {
        var file = Locate(root).File;
        _lock ??= ConversationLock.Acquire(root, file, Id);
        _appends.Complete(root, file);
        return (file, ConversationFile.Read(root, file));
    }

    private static Turn PromptPart(Prompt prompt, DateTimeOffset at) =>
        new(prompt.Turn, prompt.By, at) { Attachments = prompt.Attachments.ToValueList(), Blocks = [new TextBlock(prompt.Text)] };

    private Turn Reply(RunningTurn turn)
    {
        lock (_gate)
        {
            return new Turn(turn.Id, turn.Agent, turn.Started)
            {
                Stop = turn.Outcome?.StopReason,
                Error = turn.Outcome?.Error,
                Cost = turn.Cost,
                Blocks = turn.Fold.Blocks,
            };
        }
    }

    private void WriteSpilled(WorkspaceRoot root, string file, RunningTurn turn)
    {
        List<SpilledOutput> outputs;
        // Looking at the fold builds what is not built yet, and somebody may be looking at the turn at the same time.
        lock (_gate) outputs = [.. turn.Fold.Spilled];
        foreach (var output in outputs)
        {
            using var spilled = new FileReplacement(root, $"{Path.GetDirectoryName(file)}/{Id}/{output.File}", ifMatch: "", mustBeNew: false);
            spilled.Append(System.Text.Encoding.UTF8.GetBytes(output.Text));
            spilled.Commit();
        }
    }

    private async Task BeginNextAsync()
    {
        while (_queue.TryPeek(out var prompt))
        {
            try
            {
                await RequireTrustAsync().ConfigureAwait(false);
                using var root = OpenRoot();
                await BeginAsync(root, prompt).ConfigureAwait(false);
                lock (_gate) _queue.Dequeue();
                return;
            }
            catch (Exception refused) when (refused is ProblemException or IOException)
            {
                // Nobody waits for an answer any more. It was accepted, so it stands in the file all the same, and its turn ends with the reason.
                lock (_gate)
                {
                    _queue.Dequeue();
                    (_turn, _accepting) = (NotBegun(prompt, refused.Message), null);
                }

                await WriteEndAsync(_turn).ConfigureAwait(false);
            }
        }

        UnmarkLive();
        StartIdleTimer();
    }

    private RunningTurn NotBegun(Prompt prompt, string reason)
    {
        var (seq, now) = (_accepting ?? _journal.LastSeq, _context.Time.GetUtcNow());
        return new RunningTurn(prompt, seq, LastAgent(), new TurnFold(Path.Combine(Workspace, ConversationFile.DirectoryOf(File) ?? ""), Id.ToString()), now)
        {
            IsOver = true,
            Outcome = TurnOutcome.Interrupted(reason),
            Recovered = new UnfinishedTurn(prompt, seq, now),
        };
    }

    private async Task ClearQueueAsync()
    {
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            await DropQueuedAsync(_ => true).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            // The ends are tried again; the agent is to be ended all the same.
            SessionsLog.Failed(_context.Logger, Id, "writing the ends of prompts that waited", error);
        }
        finally
        {
            _commands.Release();
        }
    }

    private async Task DropQueuedAsync(Func<Prompt, bool> which)
    {
        lock (_gate)
        {
            var dropped = _queue.Where(which).ToList();
            if (dropped.Count == 0) return;
            var kept = _queue.Except(dropped).ToList();
            _queue.Clear();
            foreach (var prompt in kept) _queue.Enqueue(prompt);
            // All of them before the first sync: what that throws must not leave any of the others to be asked after a restart.
            foreach (var prompt in dropped) AppendCancelled(prompt);
        }

        Changed();
        await _journal.SyncAsync().ConfigureAwait(false);
    }

    private void AppendCancelled(Prompt prompt) => _journal.Append(EventKind.TurnEnded, prompt.Turn, writer => writer.WriteString("stopReason", StopReason.Cancelled));

    /// <summary>Ends the turn of a prompt whose sender learns that it was refused: it must not run after a restart, nor count as accepted when it is sent again.</summary>
    private void AppendRefused(Prompt prompt, string error)
    {
        lock (_gate)
        {
            _journal.Append(EventKind.TurnEnded, prompt.Turn, writer =>
            {
                writer.WriteString("stopReason", TurnOutcome.InterruptedReason);
                writer.WriteString("error", error);
                writer.WriteBoolean("refused", true);
            });
            _accepting = null;
        }
    }

    private static string TitleFrom(string prompt)
    {
        var line = prompt.AsSpan().Trim();
        var end = line.IndexOfAny('\n', '\r');
        if (end >= 0) line = line[..end].TrimEnd();
        if (line.Length <= MaxTitleLength) return line.ToString();
        var cut = line[..MaxTitleLength].LastIndexOf(' ');
        return $"{line[..(cut > MaxTitleLength / 2 ? cut : MaxTitleLength - 1)].TrimEnd()}…";
    }
}
