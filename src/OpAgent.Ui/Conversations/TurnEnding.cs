using OpAgent.Core.Conversations;

namespace OpAgent.Ui.Conversations;

/// <summary>How a turn ended, for people.</summary>
internal static class TurnEnding
{
    /// <summary>Null where the agent came to its end, which needs no words.</summary>
    public static string? InWords(Turn reply) => reply switch
    {
        { Error: { } error } => error,
        { Stop: null or "end_turn" } => null,
        { Stop: "cancelled" } => "Cancelled.",
        { Stop: "interrupted" } => "Interrupted before the end.",
        { Stop: "max_tokens" } => "Stopped: the model's limit of tokens was reached.",
        { Stop: "max_turn_requests" } => "Stopped: the agent's limit of steps was reached.",
        { Stop: "refusal" } => "The agent refused to go on.",
        { Stop: "deadline" } => "Stopped: the turn took longer than it may.",
        { Stop: "limit" } => "Stopped: a limit was reached.",
        _ => $"Stopped: {reply.Stop.Replace('_', ' ')}.",
    };
}
