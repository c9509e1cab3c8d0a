using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>session/prompt</c>: begins a turn; the answer ends it.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Prompt">What the user says. Text and links always work, the rest needs <see cref="PromptCapabilities"/>.</param>
public sealed record PromptRequest(
    string SessionId,
    [property: JsonConverter(typeof(StrictList<ContentBlock>))] IReadOnlyList<ContentBlock> Prompt) : AcpObject;

/// <summary>The answer to <c>session/prompt</c>: the turn has ended.</summary>
/// <param name="StopReason">Why it ended; see <see cref="OpAgent.Acp.StopReason"/>. Other words are possible.</param>
public sealed record PromptResponse(string StopReason) : AcpObject;

/// <summary>Why a turn ended.</summary>
public static class StopReason
{
    /// <summary>The agent has nothing more to say. It can mean that its model failed.</summary>
    public const string EndTurn = "end_turn";

    /// <summary>The model's limit of tokens was reached.</summary>
    public const string MaxTokens = "max_tokens";

    /// <summary>The agent's limit of model calls in a turn was reached.</summary>
    public const string MaxTurnRequests = "max_turn_requests";

    /// <summary>The agent refuses to go on; the prompt and what follows are not part of the next one.</summary>
    public const string Refusal = "refusal";

    /// <summary>The client cancelled the turn by <c>session/cancel</c>.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary><c>session/cancel</c>: a notification that ends the running turn of a session.</summary>
public sealed record CancelNotification(string SessionId) : AcpObject;
