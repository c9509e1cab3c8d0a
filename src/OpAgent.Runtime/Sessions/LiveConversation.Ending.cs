using OpAgent.Acp;
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

    /// <summary>The title of a conversation that was given none, until its first prompt.</summary>
    public static string Untitled => UntitledTitle;

    /// <summary>File, then journal, both on the disk; then the next prompt of the queue.</summary>
    private async Task EndTurnAsync(RunningTurn turn, TurnOutcome outcome)
    {
        turn.IsOver = true;
        CancelPermissions(turn.Id, "opagent");
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                turn.Fold.Finish(_context.Time.GetUtcNow());
                turn.Cost = _session?.CostOf(turn.Fold.Usage);
            }

            WriteReply(turn, outcome);
            try
            {
                _journal.Append(EventKind.TurnEnded, turn.Id, writer =>
                {
                    writer.WriteString("stopReason", outcome.StopReason);
                    UsageJson.Write(writer, turn.Fold.Usage, turn.Cost);
                    if (outcome.Error is { } error) writer.WriteString("error", error);
                });
                await _journal.SyncAsync().ConfigureAwait(false);
            }
            catch (IOException error)
            {
                // The event is kept and goes out with the next one that the disk takes.
                SessionsLog.Failed(_context.Logger, Id, "writing a turn's end into the journal", error);
                outcome = outcome with { Failed = true, Error = $"The turn's end could not be written: {error.Message}" };
            }

            lock (_gate)
            {
                _turn = null;
                (_state, _reason) = outcome.Failed ? (ConversationState.Failed, outcome.Error) : (ConversationState.Idle, null);
            }

            Touch();
            Changed();
            await BeginNextAsync().ConfigureAwait(false);
        }
        finally
        {
            _commands.Release();
        }
    }

    private void WriteReply(RunningTurn turn, TurnOutcome outcome)
    {
        try
        {
            using var root = OpenRoot();
            var (file, text) = ReadOrRecreate(root, turn);
            var conversation = ConversationFile.Parse(file, text);
            if (!conversation.Turns.Any(part => part.Id == turn.Id && part.IsReply))
            {
                WriteSpilled(root, file, turn);
                Turn reply;
                lock (_gate) reply = Reply(turn, outcome);
                text = _appends.Append(root, file, text, reply);
            }

            SaveRecord(record => record with { File = file, FileHash = ConversationFile.Hash(text), Agent = turn.Agent, AcpSession = _session?.Id });
        }
        catch (Exception error) when (error is ProblemException or IOException)
        {
            // A file that a person broke in the meantime is not written over; the reply is kept until it can be read again.
            lock (_gate) _appends.Keep(Reply(turn, outcome));
            SessionsLog.Failed(_context.Logger, Id, "writing the reply into the file", error);
            _journal.Append(EventKind.Notice, turn.Id, writer =>
            {
                writer.WriteString("notice", "reply-not-written");
                writer.WriteString("text", $"The reply could not be written into the conversation's file and is kept until it can: {error.Message}");
            });
        }
    }

    /// <summary>The file's present text; where a person deleted the file during the turn, it is made again with a notice.</summary>
    private (string File, string Text) ReadOrRecreate(WorkspaceRoot root, RunningTurn turn)
    {
        try
        {
            var file = Locate(root).File;
            return (file, ConversationFile.Read(root, file));
        }
        catch (ProblemException gone) when (gone.Problem == KnownProblems.ConversationNotFound)
        {
            AddNotice(turn, "file-recreated", "The conversation's file was deleted during this turn; it was made again from here on.");
            var created = _context.Time.GetUtcNow();
            var conversation = new Conversation(new ConversationHeader(Id, TitleFrom(turn.Prompt.Text), turn.Agent, created)) { Turns = [PromptPart(turn.Prompt, turn.Started)] };
            var file = ConversationFile.Create(root, ConversationFile.DirectoryOf(File) ?? "", conversation);
            return (file, ConversationFile.Read(root, file));
        }
    }

    private static Turn PromptPart(Prompt prompt, DateTimeOffset at) =>
        new(prompt.Turn, prompt.By, at) { Attachments = prompt.Attachments.ToValueList(), Blocks = [new TextBlock(prompt.Text)] };

    private Turn Reply(RunningTurn turn, TurnOutcome? outcome) => new(turn.Id, turn.Agent, turn.Started)
    {
        Stop = outcome?.StopReason,
        Error = outcome?.Error,
        Cost = turn.Cost,
        Blocks = turn.Fold.Blocks,
    };

    private void WriteSpilled(WorkspaceRoot root, string file, RunningTurn turn)
    {
        foreach (var output in turn.Fold.Spilled)
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
                RequireTrust();
                using var root = OpenRoot();
                await BeginAsync(root, prompt).ConfigureAwait(false);
                lock (_gate) _queue.Dequeue();
                return;
            }
            catch (Exception refused) when (refused is ProblemException or IOException)
            {
                // Nobody waits for an answer any more, so the turn ends with the reason.
                lock (_gate) _queue.Dequeue();
                await EndUnstartedAsync(prompt, TurnOutcome.InterruptedReason, refused.Message).ConfigureAwait(false);
                SetState(ConversationState.Failed, refused.Message);
            }
        }

        UnmarkLive();
        StartIdleTimer();
    }

    private async Task ClearQueueAsync()
    {
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            await DropQueuedAsync(_ => true).ConfigureAwait(false);
        }
        finally
        {
            _commands.Release();
        }
    }

    private async Task DropQueuedAsync(Func<Prompt, bool> which)
    {
        List<Prompt> dropped;
        lock (_gate)
        {
            dropped = [.. _queue.Where(which)];
            var kept = _queue.Except(dropped).ToList();
            _queue.Clear();
            foreach (var prompt in kept) _queue.Enqueue(prompt);
        }

        foreach (var prompt in dropped) await EndUnstartedAsync(prompt, StopReason.Cancelled, null).ConfigureAwait(false);
        if (dropped.Count > 0) Changed();
    }

    private async Task EndUnstartedAsync(Prompt prompt, string stopReason, string? error)
    {
        AppendEnd(prompt, stopReason, error);
        await _journal.SyncAsync().ConfigureAwait(false);
    }

    private void AppendEnd(Prompt prompt, string stopReason, string? error) => _journal.Append(EventKind.TurnEnded, prompt.Turn, writer =>
    {
        writer.WriteString("stopReason", stopReason);
        if (error is not null) writer.WriteString("error", error);
    });

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
