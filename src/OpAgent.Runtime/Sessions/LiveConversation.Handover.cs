using OpAgent.Acp;
using OpAgent.Core.Bindings;

namespace OpAgent.Runtime.Sessions;

// Standing still while the program is replaced, and going on in the next one.
internal sealed partial class LiveConversation
{
    private readonly Dictionary<string, PermissionRequest> _restored = [];    // by the agent's id of the request
    private AgentSession? _halted;

    /// <summary>Lets no command begin and stops the agent's streams where they are, until <see cref="GoOn"/>.</summary>
    /// <returns>Why it cannot be handed over at this moment, and then it has gone on; null when it stands still and all of it is on the disk.</returns>
    /// <exception cref="IOException">The disk does not take what waits for it.</exception>
    public async Task<string?> HaltAsync(CancellationToken cancellationToken)
    {
        if (!_commands.Wait(0, cancellationToken)) return "it is busy with a command";
        var stands = false;
        try
        {
            _halted = _session;
            if (_halted is not null) await _halted.HaltAsync(cancellationToken).ConfigureAwait(false);
            var obstacle = Capture() is null ? Change ?? "it is exchanging something with its agent" : null;
            // One that was forgotten meanwhile has nothing that is not on the disk.
            if (obstacle is null && !_closed) await _journal.SyncAsync().ConfigureAwait(false);
            stands = obstacle is null;
            return obstacle;
        }
        finally
        {
            if (!stands) GoOn();
        }
    }

    /// <summary>True where the agent of a halted conversation has ended meanwhile.</summary>
    public bool IsEnding => _halted is { IsEnding: true };

    /// <summary>Ends a halt.</summary>
    public void GoOn()
    {
        _halted?.GoOn();
        _halted = null;
        _commands.Release();
    }

    /// <summary>What the next program needs of it beside the journal and the file; null where something of it is beginning or ending.</summary>
    public ConversationHandover? Capture()
    {
        lock (_gate)
        {
            if (_unfinished is not null || _accepting is not null || _overflowed || _session != _halted) return null;
            if (_turn is null && _queue.Count > 0) return null;
            if (_turn is { } running && (_session is null || running is not { Outcome: null, IsOver: false, Failure: null, Breach: null })) return null;
            var session = _session is null ? null : _context.Launcher.Capture(Id, _session, _open);
            if (_session is not null && (session is null || session.Connection.PromptId is null != _turn is null)) return null;
            return new ConversationHandover(
                Id, _state, _reason, _knownFile, _crashes.Crashes, _lock?.HandOver(), _limits, session,
                _turn is { } turn ? new TurnHandover(turn.Id, turn.CancelRequested, turn.Clock?.Left) : null,
                [.. _open.Select(permission => new PermissionHandover(permission.Id, permission.Request.RequestId!, permission.Requested))]);
        }
    }

    /// <summary>Makes a conversation again that the program before this one handed over. Its agent is heard from <see cref="GoOnRestored"/> on.</summary>
    /// <exception cref="IOException">Its agent is not there any more.</exception>
    /// <param name="held">Its lock; not owned where this fails.</param>
    public static LiveConversation Restore(ConversationContext context, SessionRecord record, ConversationHandover handover, ConversationLock? held)
    {
        var conversation = Load(context, handover.Id, record);
        try
        {
            conversation.Restore(handover);
            conversation._lock = held;
            return conversation;
        }
        catch
        {
            conversation._journal.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with what was handed over.</summary>
    public void GoOnRestored()
    {
        if (_session is not { } session) return;
        if (_turn is { } turn)
        {
            turn.Completion = Task.Run(() => RunAsync(turn, session.RestoredPromptAsync));
            if (turn.CancelRequested) _ = EndIfItDoesNotCancelAsync(turn, session);
        }

        session.GoOn();
        if (_turn is null) StartIdleTimer();
    }

    /// <summary>What of it is just beginning or ending, in words; null where it either works or rests.</summary>
    public string? Change
    {
        get
        {
            lock (_gate)
            {
                return _overflowed || _unfinished is not null || _turn is { Outcome: not null } || (_turn is null && _queue.Count > 0) ? "something of it waits for the disk"
                    : _turn is not null && _session is null ? "its agent is just starting"
                    : _turn is { IsOver: true } ? "its turn is just ending"
                    : _session is { IsEnding: true } ? "its agent is just ending"
                    : null;
            }
        }
    }

    private void Restore(ConversationHandover handover)
    {
        (_state, _reason, _knownFile) = (handover.State, handover.Reason, handover.KnownFile);
        _crashes.Restore(handover.Crashes);
        _limits = handover.Limits;
        if (handover.Session is not { } session) return;
        if (handover.Turn?.Id != _unfinished?.Prompt.Turn) throw new IOException($"The journal of conversation {Id} tells of another turn than the one that was handed over.");
        if (handover.Turn is { } turn && _unfinished is { } unfinished) Restore(turn, unfinished, session, handover.Permissions);
        _session = _context.Launcher.Restore(session, Id, this);
        WatchAgent(_session.Process);
    }

    private void Restore(TurnHandover turn, UnfinishedTurn unfinished, SessionHandover session, IReadOnlyList<PermissionHandover> permissions)
    {
        _turn = new RunningTurn(unfinished.Prompt, unfinished.Seq, session.Agent.Label, Replay(unfinished).Fold, unfinished.At);
        _unfinished = null;
        if (turn.CancelRequested) _turn.RequestCancel();
        foreach (var (id, requestId, requested) in permissions)
        {
            var request = session.Connection.OpenRequests.First(open => open.RequestId == requestId).Restore();
            var permission = new PermissionRequest(this, turn.Id, request, requested, id);
            _open.Add(permission);
            _restored.Add(requestId, permission);
            _context.Permissions.Add(permission);
        }

        if (turn.TimeLeft is { } left && _limits.Turn is { } limit) RunClock(_turn, left, limit);
        if (_open.Count > 0) _turn.Clock?.Stand();
    }

    /// <summary>The request that an agent made of the program before this one, if it is that; asked for once.</summary>
    private PermissionRequest? TakeRestored(RequestPermissionRequest request)
    {
        lock (_gate) return request.RequestId is { } id && _restored.Remove(id, out var permission) ? permission : null;
    }
}
