using OpAgent.Core.Bindings;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation
{
    private const string LimitReached = "limit-reached";

    // Timers take no more.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromDays(40);

    private ResolvedLimits _limits = new();     // of the last turn; what a file says since then counts from the next one on
    private AgentWatch? _watch;

    /// <summary>How long the agent may have nothing to do.</summary>
    private TimeSpan IdleLimit => _limits.Idle?.Value is not { } limit ? _context.Options.IdleLimit : limit < LongestIdle ? limit : LongestIdle;

    /// <summary>The limits that hold from this turn's beginning; its clock begins to run.</summary>
    private void BeginLimits(RunningTurn turn, ResolvedLimits limits)
    {
        _limits = limits;
        if (limits.Turn is { } limit) RunClock(turn, limit.Value, limit);
    }

    private void RunClock(RunningTurn turn, TimeSpan left, Sourced<TimeSpan> limit) => turn.Clock = new TurnClock(_context.Time, left, () => EndAtDeadline(turn, limit));

    /// <summary>Watches an agent from the moment on that its process is there.</summary>
    private void WatchAgent(ChildProcess process) => _watch = _context.Limiter.Watch(process, _limits);

    /// <summary>Holds the live agent to the limits of this turn; false where it must be started anew for them.</summary>
    private bool TryApplyLimits() => _watch?.TryApply(_limits) != false;

    /// <summary>Called with the lock held when the agent has ended: whether that was because of a limit, which the turn then ends with, and without a turn a notice tells.</summary>
    private bool EndedByLimit(RunningTurn? turn)
    {
        var watch = _watch;
        _watch = null;
        var breach = watch?.Breach;
        watch?.Dispose();
        if (breach is null) return false;
        if (turn is not null) turn.Breach ??= breach;
        else AddNotice(null, LimitReached, $"The agent was ended: {breach.Text}.");
        return true;
    }

    /// <summary>How a turn really ended that was ended for a limit.</summary>
    private static TurnOutcome WithLimits(RunningTurn turn, TurnOutcome outcome)
    {
        turn.Clock?.Dispose();
        return turn.Breach?.Outcome ?? outcome;
    }

    private void StopWaiting()
    {
        if (_open.Count > 0 || _state != ConversationState.Waiting) return;
        _state = ConversationState.Running;
        _turn?.Clock?.Go();
    }

    private void EndAtDeadline(RunningTurn turn, Sourced<TimeSpan> limit)
    {
        lock (_gate)
        {
            // A person who cancels at the same time is answered first.
            if (turn.CancelRequested || turn.IsOver) return;
            turn.Breach ??= LimitBreach.Deadline(limit);
        }

        CancelTurn(turn, "opagent");
    }
}
