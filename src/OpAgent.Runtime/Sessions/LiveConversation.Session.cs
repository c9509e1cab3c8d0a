using System.Globalization;
using OpAgent.Acp;
using OpAgent.Core.Text;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation : ISessionEvents
{
    private ITimer? _idleTimer;
    private string? _lastExit;
    private AgentSession? _stopped;  // the last session that OpAgent ended itself
    private bool _overflowed;       // what the session says is dropped: the disk does not take it, and memory is bounded

    /// <summary>Sets the mode of the live session, and of those to come.</summary>
    /// <exception cref="AgentStartException">The agent has no such mode.</exception>
    public async Task SetModeAsync(string mode, CancellationToken cancellationToken)
    {
        Touch();
        await _commands.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_context.Options.StartLimit);
            if (_session is { } session) await session.SetModeAsync(mode, limit.Token).ConfigureAwait(false);
            SaveRecord(record => record with { Mode = mode });
            // One that was starting has looked for the mode either before it was saved, and then it is here now, or after.
            if (_session is { } started && started.Modes.Current != mode && started.Modes.Available.Count > 0) await started.SetModeAsync(mode, limit.Token).ConfigureAwait(false);
        }
        finally
        {
            _commands.Release();
        }

        Changed();
    }

    void ISessionEvents.OnAgentStarted(string agent, string version, ChildProcess process)
    {
        WatchAgent(process);
        SessionsLog.AgentStarted(_context.Logger, Id, agent, process.Pid);
        _journal.Append(EventKind.AgentStarted, _turn?.Id, writer =>
        {
            writer.WriteString("agent", agent);
            writer.WriteString("version", version);
            writer.WriteNumber("pid", process.Pid);
        });
        _journal.TryFlush();
    }

    void ISessionEvents.OnUpdate(ReadOnlySpan<byte> update)
    {
        lock (_gate)
        {
            if (_overflowed) return;
            try
            {
                _journal.AppendUpdate(_turn?.Id, update);
                _turn?.Fold.Apply(update, _context.Time.GetUtcNow());
            }
            catch (IOException error)
            {
                SessionsLog.Failed(_context.Logger, Id, "writing the journal", error);
                _overflowed = true;
                var turn = _turn;
                turn?.Failure = $"The disk does not take what the agent says, so the agent was ended; what it had said before is kept. Free some space and send the prompt again to go on. ({error.Message})";
                var session = _session;
                // The reader loop that this is called from must not wait for the session's end: the session waits for it.
                _ = Task.Run(() => EndOverflowedAsync(turn, session));
            }
        }
    }

    void ISessionEvents.OnBatchEnd() => _journal.Flush();

    void ISessionEvents.OnJunk(string line)
    {
        lock (_gate)
        {
            AddNotice(_turn, "junk-on-stdout", "The agent printed something on stdout that is not protocol.", MarkdownFence.Wrap(line, "text"));
        }
    }

    void ISessionEvents.OnHandlerFailed(string handler, Exception error) => SessionsLog.Failed(_context.Logger, Id, $"handling what the agent sent ({handler})", error);

    void ISessionEvents.OnAgentExited(AgentSession session, ProcessExit exit, string stderr)
    {
        SessionsLog.AgentExited(_context.Logger, Id, session.Agent.Label, exit.ToString());
        RunningTurn? turn;
        bool expected;
        lock (_gate)
        {
            turn = _turn is { IsOver: false } running ? running : null;
            _lastExit = exit.ToString();
            expected = EndedByLimit(turn) || _stopped == session || turn is { CancelRequested: true };
            // One that never got to a session is told of by the failed start.
            var started = _session == session;
            if (started) _session = null;
            TellOfJunk(turn, session);
            if (!expected && started && turn is not null) AddNotice(turn, "agent-exited", $"{session.Agent.Manifest.Id} {exit}", stderr.Length > 0 ? MarkdownFence.Wrap(stderr, "text") : "");
            if (!expected && turn is null) (_state, _reason) = (ConversationState.Failed, $"Agent '{session.Agent.Label}' {exit}.");
        }

        if (!expected) _crashes.Add();
        try
        {
            WriteExited(turn, exit, stderr);
        }
        catch (IOException error)
        {
            SessionsLog.Failed(_context.Logger, Id, "writing an agent's exit into the journal", error);
        }

        Changed();
        if (turn is null) _ = EndIfIdleAsync();
    }

    /// <summary>Says how much was left out, where it was more than the line that was shown.</summary>
    private void TellOfJunk(RunningTurn? turn, AgentSession? session)
    {
        if (session?.TakeJunk() is not ({ Bytes: > 0 } junk)) return;
        AddNotice(turn, "junk-left-out", string.Create(CultureInfo.InvariantCulture, $"The agent printed {junk.Bytes:N0} bytes in {junk.Lines:N0} lines on stdout that are not protocol; but for the beginning they were left out."));
    }

    private void WriteExited(RunningTurn? turn, ProcessExit exit, string stderr)
    {
        _journal.Append(EventKind.AgentExited, turn?.Id, writer =>
        {
            if (exit.Code is { } code) writer.WriteNumber("code", code);
            else writer.WriteNull("code");
            writer.WriteString("signal", exit.SignalName);
            writer.WriteString("stderr", stderr);
        });
        _journal.Flush();
    }

    /// <summary>The live session, if the agent is still the right one and knows what was said; else a new one.</summary>
    private async Task<AgentSession> EnsureSessionAsync(RunningTurn turn, ResolvedAgent agent, bool sessionStillFits)
    {
        _idleTimer?.Dispose();
        using var root = OpenRoot();
        var directory = ConversationFile.DirectoryOf(File) ?? "";
        using var sandbox = await _context.Sandbox.PlanAsync(root, directory, agent, Id).ConfigureAwait(false);
        if (_session is { } live)
        {
            if (sessionStillFits && !_overflowed && live.Agent.Label == agent.Label && live.Agent.Root == agent.Root && live.Sandbox == sandbox.Fingerprint && !live.IsEnding && !live.End.IsCompleted && TryApplyLimits())
                return live;
            await EndSessionAsync(live).ConfigureAwait(false);
            SetState(ConversationState.Starting);
        }

        _crashes.Check(agent.Label);
        _overflowed = false;
        var request = new LaunchRequest(agent, root, Path.Combine(Workspace, directory), Id, turn.Prompt.By, _record.AcpSession, _record.Mode ?? agent.Mode, sandbox,
            reason => SessionsLog.SessionNotResumed(_context.Logger, Id, agent.Label, reason));
        var session = await _context.Launcher.StartAsync(request, this, turn.Aborted).ConfigureAwait(false);
        lock (_gate) _session = session;
        SaveRecord(record => record with { AcpSession = session.Id, Agent = agent.Label });
        // Somebody may have chosen another mode while the agent started.
        if (_record.Mode is { } mode && mode != request.Mode && session.Modes.Available.Count > 0) await session.SetModeAsync(mode, turn.Aborted).ConfigureAwait(false);
        return session;
    }

    /// <summary>Ends the agent's process and waits until all it said is in the journal.</summary>
    /// <param name="expected">False where the agent went by itself.</param>
    /// <returns>How the last one ended, in words; null where none lived.</returns>
    private async Task<string?> EndSessionAsync(AgentSession? session, bool expected = true)
    {
        _idleTimer?.Dispose();
        if (session is not null)
        {
            if (expected) lock (_gate) _stopped = session;
            try
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                lock (_gate)
                {
                    if (_session == session) _session = null;
                }
            }
        }

        return _lastExit;
    }

    private async Task EndOverflowedAsync(RunningTurn? turn, AgentSession? session)
    {
        try
        {
            turn?.Abort();
            await EndSessionAsync(session).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SessionsLog.Failed(_context.Logger, Id, "ending an agent that the disk is too small for", error);
        }
    }

    private void StartIdleTimer()
    {
        if (_session is null)
        {
            ReleaseLock();
            return;
        }

        _idleTimer?.Dispose();
        _idleTimer = _context.Time.CreateTimer(_ => _ = EndIfIdleAsync(), null, IdleLimit, Timeout.InfiniteTimeSpan);
    }

    private async Task EndIfIdleAsync()
    {
        await _commands.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_turn is { IsOver: false }) return;
            await EndSessionAsync(_session).ConfigureAwait(false);
            ReleaseLock();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SessionsLog.Failed(_context.Logger, Id, "ending an idle agent", error);
        }
        finally
        {
            _commands.Release();
        }
    }

    private void ReleaseLock()
    {
        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>Says something in the turn's reply, and to everybody who follows.</summary>
    private void AddNotice(RunningTurn? turn, string kind, string summary, string body = "")
    {
        lock (_gate)
        {
            turn?.Fold.AddNotice(kind, summary, body);
            _journal.Append(EventKind.Notice, turn?.Id, writer =>
            {
                writer.WriteString("notice", kind);
                writer.WriteString("text", summary);
                if (body.Length > 0) writer.WriteString("body", body);
            });
        }
    }
}
