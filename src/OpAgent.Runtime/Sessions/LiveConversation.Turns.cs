using OpAgent.Acp;
using OpAgent.Acp.Folding;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation
{
    /// <summary>Accepts a prompt: it is in the journal and, unless queued, in the file, both on the disk, when this completes.</summary>
    /// <exception cref="ProblemException">The prompt was refused; nothing was written.</exception>
    public async Task<StartTurnReply> StartTurnAsync(StartTurnRequest request, CancellationToken cancellationToken)
    {
        Touch();
        await _commands.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_accepted.Find(request.Command, request.Text, request.Attachments) is { } known)
                return new StartTurnReply { Turn = known.Turn.ToString(), Seq = known.Seq, Queued = _queue.Any(waiting => waiting.Turn == known.Turn) };
            await RequireTrustAsync().ConfigureAwait(false);
            if (IsUnsettled) await SettleAsync().ConfigureAwait(false);
            using var root = OpenRoot();
            var prompt = new Prompt(Guid.CreateVersion7(_context.Time.GetUtcNow()), request.Command, request.By, Check(request.Text), CheckAttachments(root, request.Attachments));
            if (_turn is null && _queue.Count == 0) return new StartTurnReply { Turn = prompt.Turn.ToString(), Seq = await BeginOrRefuseAsync(root, prompt).ConfigureAwait(false) };
            if (!request.Queue) throw KnownProblems.TurnRunning.With("The agent is still at work on the last prompt. Wait for its end, cancel it, or ask for this one to be queued.");
            return new StartTurnReply { Turn = prompt.Turn.ToString(), Seq = await EnqueueAsync(prompt).ConfigureAwait(false), Queued = true };
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>Ends the running turn, or takes a waiting one out of the queue.</summary>
    /// <returns>False where there was nothing to cancel.</returns>
    public async Task<bool> CancelAsync(string turnId, string by, CancellationToken cancellationToken)
    {
        Touch();
        if (_turn is { IsOver: false } running && (turnId.Length == 0 || turnId == running.Id.ToString()))
        {
            CancelTurn(running, by);
            return true;
        }

        if (turnId.Length == 0) return false;
        await _commands.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var waiting = _queue.FirstOrDefault(prompt => prompt.Turn.ToString() == turnId)
                ?? throw KnownProblems.TurnNotFound.With($"Turn '{turnId}' neither runs nor waits in this conversation.");
            await DropQueuedAsync(prompt => prompt == waiting).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _commands.Release();
        }
    }

    private static string Check(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw KnownProblems.InvalidRequest.With("The prompt is empty. Say something to the agent.");
        if (text.Length > SessionLimits.MaxPromptLength) throw KnownProblems.InvalidRequest.With($"The prompt has {text.Length:N0} characters; {SessionLimits.MaxPromptLength:N0} are allowed. Attach a file instead.");
        return text;
    }

    private string[] CheckAttachments(WorkspaceRoot root, IEnumerable<string> attachments)
    {
        var directory = ConversationFile.DirectoryOf(File) ?? "";
        var paths = attachments.Select(WorkspaceRoot.Normalize).ToArray();
        foreach (var path in paths) WorkspaceFiles.OpenRead(root, directory.Length == 0 ? path : $"{directory}/{path}", out _).Dispose();
        return paths;
    }

    private async Task RequireTrustAsync()
    {
        if (!_context.Workspaces.IsTrusted(Workspace))
            throw KnownProblems.WorkspaceNotTrusted.With($"'{Workspace}' is not trusted, so no agent runs in it. Look at what it would run, then trust it: opagent open '{Workspace}' --trust");
        await _context.Sandbox.RequireAsync(Workspace).ConfigureAwait(false);
    }

    private async Task<long> EnqueueAsync(Prompt prompt)
    {
        if (_queue.Count >= SessionLimits.MaxQueued) throw KnownProblems.TurnRunning.With($"{_queue.Count} prompts already wait in this conversation. Let some of them end first.");
        _journal.RequireRoom();
        var seq = AppendAccepted(EventKind.TurnQueued, prompt);
        try
        {
            await _journal.SyncAsync().ConfigureAwait(false);
        }
        catch (IOException error)
        {
            AppendRefused(prompt, error.Message);
            throw;
        }

        _accepted.Add(prompt, seq);
        lock (_gate)
        {
            _queue.Enqueue(prompt);
            _accepting = null;
        }

        Changed();
        return seq;
    }

    private async Task<long> BeginOrRefuseAsync(WorkspaceRoot root, Prompt prompt)
    {
        try
        {
            return await BeginAsync(root, prompt).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ProblemException or IOException)
        {
            if (_accepting is not null) AppendRefused(prompt, error.Message);
            throw;
        }
    }

    /// <summary>Journal, then file, both on the disk; then the agent is asked in the background.</summary>
    private async Task<long> BeginAsync(WorkspaceRoot root, Prompt prompt)
    {
        try
        {
            return await BeginInFileAsync(root, prompt).ConfigureAwait(false);
        }
        catch
        {
            if (_session is null) ReleaseLock();
            throw;
        }
    }

    private async Task<long> BeginInFileAsync(WorkspaceRoot root, Prompt prompt)
    {
        _journal.RequireRoom();
        var (file, text) = OpenFile(root);
        var before = ConversationFile.Parse(file, text);
        var whole = _appends.AppendKept(root, file, text, before);
        if (whole != text) (text, before) = (whole, ConversationFile.Parse(file, whole));
        var directory = ConversationFile.DirectoryOf(file) ?? "";
        var agent = _context.Agents.Resolve(root, directory, _record.RequestedAgent, fallback: IdOf(before.Header.Agent));
        await _context.Sandbox.RequireAsync(agent.Binding).ConfigureAwait(false);
        // The agent does not know what a person changed in its history, nor that it was moved.
        var stale = file != _knownFile || (_record.FileHash is { } hash && hash != ConversationFile.Hash(text));
        _knownFile = file;
        MarkLive();

        var seq = AppendAccepted(EventKind.TurnStarted, prompt);
        await _journal.SyncAsync().ConfigureAwait(false);
        text = WritePrompt(root, file, text, before, prompt);
        _accepted.Add(prompt, seq);

        SaveRecord(record => record with { FileHash = ConversationFile.Hash(text), AcpSession = stale || record.Agent != agent.Label ? null : record.AcpSession });

        var turn = new RunningTurn(prompt, seq, agent.Label, new TurnFold(Path.Combine(Workspace, directory), Id.ToString()), _context.Time.GetUtcNow());
        BeginLimits(turn, agent.Binding.Limits);
        lock (_gate)
        {
            (_turn, _accepting) = (turn, null);
            (_state, _reason) = (_session is null ? ConversationState.Starting : ConversationState.Running, null);
            turn.Completion = Task.Run(() => RunAsync(turn, () => AskAsync(turn, agent, before, sessionStillFits: !stale)), CancellationToken.None);
        }

        Changed();
        return seq;
    }

    private long AppendAccepted(string kind, Prompt prompt)
    {
        lock (_gate)
        {
            var seq = _journal.Append(kind, prompt.Turn, prompt.WriteTo);
            _accepting = seq;
            return seq;
        }
    }

    private string WritePrompt(WorkspaceRoot root, string file, string text, Conversation before, Prompt prompt)
    {
        if (before.Turns.Count == 0 && before.Header.Title == UntitledTitle)
        {
            text = ConversationMarkdown.SetTitle(text, TitleFrom(prompt.Text));
            ConversationFile.Replace(root, file, text);
        }

        return _appends.Append(root, file, text, PromptPart(prompt, _context.Time.GetUtcNow()));
    }

    private async Task RunAsync(RunningTurn turn, Func<Task<string>> ask)
    {
        TurnOutcome outcome;
        try
        {
            outcome = await OutcomeOfAsync(turn, ask).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SessionsLog.Failed(_context.Logger, Id, "asking the agent", error);
            outcome = TurnOutcome.Interrupted("OpAgent met an error that it did not expect; the runtime's log says more.");
        }

        outcome = WithLimits(turn, outcome);
        try
        {
            await EndTurnAsync(turn, outcome).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // It is tried again from time to time, and before anything else begins.
            SessionsLog.Failed(_context.Logger, Id, "ending a turn", error);
            lock (_gate) turn.Outcome ??= outcome;
        }
    }

    /// <summary>Asks the agent and waits for its stop reason.</summary>
    private async Task<string> AskAsync(RunningTurn turn, ResolvedAgent agent, Conversation before, bool sessionStillFits)
    {
        var session = await EnsureSessionAsync(turn, agent, sessionStillFits).ConfigureAwait(false);
        turn.Aborted.ThrowIfCancellationRequested();
        SetState(ConversationState.Running);
        return await session.PromptAsync(PromptContent.Make(turn.Prompt, Path.Combine(Workspace, ConversationFile.DirectoryOf(File) ?? ""), session.IsNew ? before : null), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<TurnOutcome> OutcomeOfAsync(RunningTurn turn, Func<Task<string>> ask)
    {
        try
        {
            var stopReason = await ask().ConfigureAwait(false);
            return turn.Failure is null ? new TurnOutcome(stopReason) : TurnOutcome.Interrupted(turn.Failure);
        }
        catch (Exception) when (turn.Failure is not null)
        {
            await EndSessionAsync(_session).ConfigureAwait(false);
            return TurnOutcome.Interrupted(turn.Failure);
        }
        catch (OperationCanceledException) when (turn.CancelRequested)
        {
            return TurnOutcome.Cancelled;
        }
        catch (ProblemException error)
        {
            return turn.CancelRequested ? TurnOutcome.Cancelled : TurnOutcome.Interrupted(error.Message);
        }
        catch (AgentStartException error)
        {
            if (turn.CancelRequested) return TurnOutcome.Cancelled;
            if (error.Stderr.Length > 0) AddNotice(turn, "agent-not-started", "What the agent wrote to stderr", Core.Text.MarkdownFence.Wrap(error.Stderr, "text"));
            return TurnOutcome.Interrupted(error.Message);
        }
        catch (AcpConnectionClosedException)
        {
            // The exit was journaled and noted by OnAgentExited once the session has ended.
            var exit = await EndSessionAsync(_session, expected: false).ConfigureAwait(false);
            return turn.CancelRequested ? TurnOutcome.Cancelled : TurnOutcome.Interrupted($"Agent '{turn.Agent}' {exit ?? "ended"} in the middle of the turn. What it had said is kept; send the prompt again to go on.");
        }
        catch (AcpException error)
        {
            if (turn.CancelRequested) return TurnOutcome.Cancelled;
            return TurnOutcome.Interrupted($"Agent '{turn.Agent}' answered the prompt with error {error.Code}: {error.Message}", failed: false);
        }
    }

    private void CancelTurn(RunningTurn turn, string by)
    {
        if (turn.CancelRequested || turn.IsOver) return;
        turn.RequestCancel();
        CancelPermissions(turn.Id, by);
        if (_session is not { } session) return;
        // First, because an agent that does not read its input does not take the request either.
        _ = EndIfItDoesNotCancelAsync(turn, session);
        // Nobody waits for this one either: where the agent reads nothing, it ends with the agent.
        _ = SendCancelAsync(session);
    }

    private static async Task SendCancelAsync(AgentSession session)
    {
        try
        {
            await session.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or AcpConnectionClosedException or ObjectDisposedException)
        {
            // The agent is gone already, which ends the turn by itself.
        }
    }

    private async Task EndIfItDoesNotCancelAsync(RunningTurn turn, AgentSession session)
    {
        try
        {
            await turn.Completion.WaitAsync(_context.Options.CancelGrace, _context.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (!turn.IsOver) await EndSessionAsync(session).ConfigureAwait(false);
        }
    }

    private static string? IdOf(string agent) => agent.Length == 0 ? null : agent.Split('@')[0];
}
