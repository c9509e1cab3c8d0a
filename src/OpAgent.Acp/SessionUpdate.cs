using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>One <c>session/update</c>: what an agent tells while it works.</summary>
[JsonConverter(typeof(SessionUpdateConverter))]
public abstract record SessionUpdate : AcpObject
{
    /// <summary>
    /// Reads an update as <see cref="IAcpClient.OnUpdate"/> gets it. Kinds that this version does not know become
    /// <see cref="UnknownSessionUpdate"/>; null where a field that the kind needs is missing or the text is not JSON.
    /// </summary>
    public static SessionUpdate? TryParse(ReadOnlySpan<byte> update)
    {
        try
        {
            return JsonSerializer.Deserialize(update, AcpJson.Default.SessionUpdate);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A piece of a message. Consecutive pieces belong together.</summary>
public abstract record ContentChunk(ContentBlock Content) : SessionUpdate
{
    /// <summary>The message that the piece belongs to; a new id begins a new message.</summary>
    public string? MessageId { get; init; }
}

/// <summary><c>user_message_chunk</c>: a piece of what the user said, sent when a session's history is replayed.</summary>
public sealed record UserMessageChunk(ContentBlock Content) : ContentChunk(Content);

/// <summary><c>agent_message_chunk</c>: a piece of the agent's answer.</summary>
public sealed record AgentMessageChunk(ContentBlock Content) : ContentChunk(Content);

/// <summary><c>agent_thought_chunk</c>: a piece of the agent's reasoning.</summary>
public sealed record AgentThoughtChunk(ContentBlock Content) : ContentChunk(Content);

/// <summary><c>current_mode_update</c>: the session's mode changed.</summary>
public sealed record CurrentModeUpdate(string CurrentModeId) : SessionUpdate;

/// <summary><c>config_option_update</c>: options of the session changed; holds all of them.</summary>
public sealed record ConfigOptionUpdate(
    [property: JsonConverter(typeof(ListOrEmpty<SessionConfigOption>))] IReadOnlyList<SessionConfigOption> ConfigOptions) : SessionUpdate;

/// <summary><c>session_info_update</c>: the session's title or time changed.</summary>
public sealed record SessionInfoUpdate : SessionUpdate
{
    public string? Title { get; init; }

    /// <summary>When the session was last used, as ISO 8601.</summary>
    public string? UpdatedAt { get; init; }
}

/// <summary><c>usage_update</c>: how full the model's context is.</summary>
/// <param name="Used">Tokens in the context.</param>
/// <param name="Size">Tokens that fit into it.</param>
public sealed record UsageUpdate(long Used, long Size) : SessionUpdate
{
    /// <summary>What the session has cost since it began.</summary>
    [JsonConverter(typeof(OrNull<Cost>))]
    public Cost? Cost { get; init; }
}

/// <summary>An amount of money, or of another unit.</summary>
/// <param name="Amount">How much.</param>
/// <param name="Currency">An ISO 4217 code, or a word such as <c>credits</c>.</param>
public sealed record Cost(double Amount, string Currency) : AcpObject;

/// <summary><c>notice</c>: tells the user something that is not part of the session. Needs <see cref="ClientSessionCapabilities.Notices"/>.</summary>
/// <param name="Severity"><c>info</c>, <c>warning</c>, <c>error</c> or another word.</param>
/// <param name="Title">One line that can stand alone.</param>
public sealed record Notice(string Severity, string Title) : SessionUpdate
{
    public string? Description { get; init; }
}

/// <summary><c>compaction_update</c>: the agent condenses its context. Needs <see cref="ClientSessionCapabilities.Compaction"/>.</summary>
/// <param name="CompactionId">The compaction's id in its session.</param>
/// <param name="Status"><c>in_progress</c>, <c>completed</c>, <c>failed</c>, <c>cancelled</c> or another word.</param>
public sealed record CompactionUpdate(string CompactionId, string Status) : SessionUpdate
{
    /// <summary>The summary as a whole; replaces the former one.</summary>
    [JsonConverter(typeof(ListOrNull<ContentBlock>))]
    public IReadOnlyList<ContentBlock>? Summary { get; init; }

    public string? Error { get; init; }
}

/// <summary><c>compaction_summary_chunk</c>: a piece to append to a compaction's summary.</summary>
public sealed record CompactionSummaryChunk(string CompactionId, ContentBlock Content) : SessionUpdate;

/// <summary>An update of a kind that this version does not know.</summary>
/// <param name="Raw">The object as it was sent.</param>
public sealed record UnknownSessionUpdate([property: JsonIgnore] JsonElement Raw) : SessionUpdate;

/// <summary><c>session/update</c>: the notification around an update.</summary>
public sealed record SessionNotification(string SessionId, SessionUpdate Update) : AcpObject;

internal sealed class SessionUpdateConverter : TaggedConverter<SessionUpdate>
{
    public SessionUpdateConverter() : base("sessionUpdate")
    {
        Add<AgentMessageChunk>("agent_message_chunk");
        Add<AgentThoughtChunk>("agent_thought_chunk");
        Add<ToolCallUpdate>("tool_call_update");
        Add<ToolCall>("tool_call");
        Add<UserMessageChunk>("user_message_chunk");
        Add<Plan>("plan");
        Add<AvailableCommandsUpdate>("available_commands_update");
        Add<CurrentModeUpdate>("current_mode_update");
        Add<ConfigOptionUpdate>("config_option_update");
        Add<SessionInfoUpdate>("session_info_update");
        Add<UsageUpdate>("usage_update");
        Add<Notice>("notice");
        Add<CompactionUpdate>("compaction_update");
        Add<CompactionSummaryChunk>("compaction_summary_chunk");
    }

    protected override SessionUpdate ReadUnknown(JsonElement raw) => new UnknownSessionUpdate(raw);

    protected override JsonElement? RawOf(SessionUpdate value) => (value as UnknownSessionUpdate)?.Raw;
}
