using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>tool_call</c>: announces a tool call.</summary>
/// <param name="ToolCallId">The call's id, unique in its session.</param>
/// <param name="Title">What the call does, for people.</param>
public sealed record ToolCall(string ToolCallId, string Title) : SessionUpdate
{
    /// <summary>The tool's name for programs.</summary>
    public string? Name { get; init; }

    /// <summary>See <see cref="ToolKind"/>; null counts as <see cref="ToolKind.Other"/>. Other words are possible.</summary>
    public string? Kind { get; init; }

    /// <summary>See <see cref="ToolCallStatus"/>; null counts as <see cref="ToolCallStatus.Pending"/>. Other words are possible.</summary>
    public string? Status { get; init; }

    /// <summary>What the call produced.</summary>
    [JsonConverter(typeof(ListOrNull<ToolCallContent>))]
    public IReadOnlyList<ToolCallContent>? Content { get; init; }

    /// <summary>The files concerned.</summary>
    [JsonConverter(typeof(ListOrNull<ToolCallLocation>))]
    public IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    /// <summary>The tool's arguments as the model gave them.</summary>
    public JsonElement? RawInput { get; init; }

    /// <summary>The tool's result as the model gets it.</summary>
    public JsonElement? RawOutput { get; init; }
}

/// <summary><c>tool_call_update</c>: changes a tool call; null leaves a field as it is, a list replaces the former one.</summary>
/// <param name="ToolCallId">The call's id. Agents also send updates for calls that they never announced.</param>
public sealed record ToolCallUpdate(string ToolCallId) : SessionUpdate
{
    /// <inheritdoc cref="ToolCall.Name"/>
    public string? Name { get; init; }

    /// <summary>What the call does, for people.</summary>
    public string? Title { get; init; }

    /// <summary>See <see cref="ToolKind"/>. Other words are possible.</summary>
    public string? Kind { get; init; }

    /// <summary>See <see cref="ToolCallStatus"/>. Other words are possible.</summary>
    public string? Status { get; init; }

    /// <inheritdoc cref="ToolCall.Content"/>
    [JsonConverter(typeof(ListOrNull<ToolCallContent>))]
    public IReadOnlyList<ToolCallContent>? Content { get; init; }

    /// <inheritdoc cref="ToolCall.Locations"/>
    [JsonConverter(typeof(ListOrNull<ToolCallLocation>))]
    public IReadOnlyList<ToolCallLocation>? Locations { get; init; }

    /// <inheritdoc cref="ToolCall.RawInput"/>
    public JsonElement? RawInput { get; init; }

    /// <inheritdoc cref="ToolCall.RawOutput"/>
    public JsonElement? RawOutput { get; init; }
}

/// <summary>A place in a file.</summary>
/// <param name="Path">The file, absolute.</param>
public sealed record ToolCallLocation(string Path) : AcpObject
{
    public long? Line { get; init; }
}

/// <summary>What a tool does.</summary>
public static class ToolKind
{
    public const string Read = "read";
    public const string Edit = "edit";
    public const string Delete = "delete";
    public const string Move = "move";
    public const string Search = "search";
    public const string Execute = "execute";
    public const string Think = "think";
    public const string Fetch = "fetch";
    public const string SwitchMode = "switch_mode";
    public const string Other = "other";
}

/// <summary>How far a tool call is.</summary>
public static class ToolCallStatus
{
    /// <summary>Not begun: its input still streams, or it waits for a permission.</summary>
    public const string Pending = "pending";

    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Failed = "failed";
}
