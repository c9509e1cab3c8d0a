using OpAgent.Acp.Folding;
using OpAgent.Runtime.Limits;

namespace OpAgent.Runtime.Sessions;

/// <summary>A turn from its start until its end is on the disk.</summary>
/// <param name="seq">The number of its <c>turn.started</c>.</param>
internal sealed class RunningTurn(Prompt prompt, long seq, string agent, TurnFold fold, DateTimeOffset started)
{
    // Has no timer and no handle, so it needs no disposal, which whoever cancels a turn at its very end would collide with.
    private readonly CancellationTokenSource _abort = new();

    public Prompt Prompt { get; } = prompt;

    public Guid Id => Prompt.Turn;

    public long Seq { get; } = seq;

    /// <summary>The agent that answers, as <c>id@version</c>.</summary>
    public string Agent { get; } = agent;

    public TurnFold Fold { get; } = fold;

    public DateTimeOffset Started { get; } = started;

    /// <summary>Fires when the turn is to end before the agent was even asked.</summary>
    public CancellationToken Aborted => _abort.Token;

    public bool CancelRequested { get; private set; }

    /// <summary>Why OpAgent ended the turn itself; null where it did not.</summary>
    public string? Failure { get; set; }

    /// <summary>The time that the turn has; null where it has as much as it likes.</summary>
    public TurnClock? Clock { get; set; }

    /// <summary>The limit that the turn ends for; null for none.</summary>
    public LimitBreach? Breach { get; set; }

    /// <summary>True once the agent has ended the turn; what it asks from here on nobody answers.</summary>
    public bool IsOver { get; set; }

    /// <summary>How the turn ended; null until that is known. From then on it only waits for its end to be written.</summary>
    public TurnOutcome? Outcome { get; set; }

    /// <summary>True once the reply is in the file, or kept for it, and <c>turn.ended</c> is in the journal, which the disk may not have taken yet.</summary>
    public bool EndAppended { get; set; }

    /// <summary>What the journal told of a turn that the runtime's end interrupted, or that could not begin when its time had come; null for one that this process ran.</summary>
    public UnfinishedTurn? Recovered { get; init; }

    /// <summary>What the turn cost in US dollars, once it ended and where the agent told it.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Completes when the turn's end is in the file and in the journal, or the first try to write it has failed.</summary>
    public Task Completion { get; set; } = Task.CompletedTask;

    public void RequestCancel()
    {
        CancelRequested = true;
        Abort();
    }

    /// <summary>Ends the wait for an agent that is being started.</summary>
    public void Abort() => _abort.Cancel();
}
