using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>session/request_permission</c>: an agent asks whether it may run a tool.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="ToolCall">The call in question.</param>
/// <param name="Options">The answers to choose from. Choose by <see cref="PermissionOption.Kind"/>: the ids differ from agent to agent.</param>
[JsonConverter(typeof(RequestPermissionRequestConverter))]
public sealed record RequestPermissionRequest(string SessionId, ToolCallUpdate ToolCall, IReadOnlyList<PermissionOption> Options) : AcpObject
{
    /// <summary>The tool call as the agent sent it. Undefined in a request that was not read from a peer.</summary>
    public JsonElement RawToolCall { get; init; }

    /// <summary>The options as the agent sent them. Undefined in a request that was not read from a peer.</summary>
    public JsonElement RawOptions { get; init; }

    /// <summary>The id under which the agent waits for the answer, as JSON; null in a request that was not read from a peer.</summary>
    public string? RequestId { get; init; }
}

/// <summary>One answer to a permission request.</summary>
/// <param name="OptionId">The id to answer with.</param>
/// <param name="Name">The answer for people.</param>
/// <param name="Kind">See <see cref="PermissionOptionKind"/>.</param>
public sealed record PermissionOption(string OptionId, string Name, string Kind) : AcpObject;

/// <summary>What an answer to a permission request means.</summary>
public static class PermissionOptionKind
{
    public const string AllowOnce = "allow_once";
    public const string AllowAlways = "allow_always";
    public const string RejectOnce = "reject_once";
    public const string RejectAlways = "reject_always";
}

/// <summary>The answer to <c>session/request_permission</c>.</summary>
public sealed record RequestPermissionResponse(RequestPermissionOutcome Outcome) : AcpObject
{
    /// <summary>The answer while a turn is being cancelled.</summary>
    public static RequestPermissionResponse Cancelled { get; } = new(new CancelledPermissionOutcome());

    /// <summary>The answer that chooses an option.</summary>
    public static RequestPermissionResponse Selected(string optionId) => new(new SelectedPermissionOutcome(optionId));
}

/// <summary>How a permission request ended.</summary>
[JsonConverter(typeof(RequestPermissionOutcomeConverter))]
public abstract record RequestPermissionOutcome : AcpObject;

/// <summary>An option was chosen.</summary>
public sealed record SelectedPermissionOutcome(string OptionId) : RequestPermissionOutcome;

/// <summary>The turn was cancelled before anything was chosen. Unknown outcomes are read as this one, which allows nothing.</summary>
public sealed record CancelledPermissionOutcome : RequestPermissionOutcome;

internal sealed class RequestPermissionOutcomeConverter : TaggedConverter<RequestPermissionOutcome>
{
    public RequestPermissionOutcomeConverter() : base("outcome")
    {
        Add<SelectedPermissionOutcome>("selected");
        Add<CancelledPermissionOutcome>("cancelled");
        Untagged = typeof(CancelledPermissionOutcome);
    }
}
