using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>session/new</c>: begins a session.</summary>
/// <param name="Cwd">The directory to work in, absolute.</param>
public sealed record NewSessionRequest(string Cwd) : AcpObject
{
    /// <summary>The MCP servers to connect to. Servers with an unknown transport are left out when reading.</summary>
    [JsonConverter(typeof(ListOrEmpty<McpServer>)), JsonRequired]
    public IReadOnlyList<McpServer> McpServers { get => field ?? []; init; }

    /// <summary>Further directories to work in, absolute. Needs <see cref="SessionCapabilities.AdditionalDirectories"/>.</summary>
    [JsonConverter(typeof(ListOrEmpty<string>))]
    public IReadOnlyList<string> AdditionalDirectories { get => field ?? []; init; }
}

/// <summary>The answer to <c>session/new</c>.</summary>
/// <param name="SessionId">The session's id in all that follows.</param>
public sealed record NewSessionResponse(string SessionId) : SessionState;

/// <summary><c>session/load</c>: goes on with a session; its history comes as updates before the answer. Needs <see cref="AgentCapabilities.LoadSession"/>.</summary>
/// <param name="SessionId">The session to go on with.</param>
/// <param name="Cwd">The directory to work in, absolute.</param>
public sealed record LoadSessionRequest(string SessionId, string Cwd) : AcpObject
{
    /// <inheritdoc cref="NewSessionRequest.McpServers"/>
    [JsonConverter(typeof(ListOrEmpty<McpServer>)), JsonRequired]
    public IReadOnlyList<McpServer> McpServers { get => field ?? []; init; }

    /// <inheritdoc cref="NewSessionRequest.AdditionalDirectories"/>
    [JsonConverter(typeof(ListOrEmpty<string>))]
    public IReadOnlyList<string> AdditionalDirectories { get => field ?? []; init; }
}

/// <summary>The answer to <c>session/load</c>.</summary>
public sealed record LoadSessionResponse : SessionState;

/// <summary><c>session/resume</c>: goes on with a session without replaying its history. Needs <see cref="SessionCapabilities.Resume"/>.</summary>
/// <param name="SessionId">The session to go on with.</param>
/// <param name="Cwd">The directory to work in, absolute.</param>
public sealed record ResumeSessionRequest(string SessionId, string Cwd) : AcpObject
{
    /// <inheritdoc cref="NewSessionRequest.McpServers"/>
    [JsonConverter(typeof(ListOrEmpty<McpServer>))]
    public IReadOnlyList<McpServer> McpServers { get => field ?? []; init; }

    /// <inheritdoc cref="NewSessionRequest.AdditionalDirectories"/>
    [JsonConverter(typeof(ListOrEmpty<string>))]
    public IReadOnlyList<string> AdditionalDirectories { get => field ?? []; init; }
}

/// <summary>The answer to <c>session/resume</c>.</summary>
public sealed record ResumeSessionResponse : SessionState;

/// <summary>What an agent tells of a session that was begun or taken up again.</summary>
public abstract record SessionState : AcpObject
{
    /// <summary>The modes of the session; null for an agent without modes.</summary>
    [JsonConverter(typeof(OrNull<SessionModeState>))]
    public SessionModeState? Modes { get; init; }

    /// <summary>The options of the session; null for an agent without options.</summary>
    [JsonConverter(typeof(ListOrNull<SessionConfigOption>))]
    public IReadOnlyList<SessionConfigOption>? ConfigOptions { get; init; }
}

/// <summary><c>session/close</c>: ends a session and frees what it holds. Needs <see cref="SessionCapabilities.Close"/>.</summary>
public sealed record CloseSessionRequest(string SessionId) : AcpObject;

/// <summary>The answer to <c>session/close</c>.</summary>
public sealed record CloseSessionResponse : AcpObject;

/// <summary><c>session/delete</c>: deletes a kept session. Needs <see cref="SessionCapabilities.Delete"/>.</summary>
public sealed record DeleteSessionRequest(string SessionId) : AcpObject;

/// <summary>The answer to <c>session/delete</c>.</summary>
public sealed record DeleteSessionResponse : AcpObject;

/// <summary><c>session/list</c>: lists the sessions that an agent kept. Needs <see cref="SessionCapabilities.List"/>.</summary>
public sealed record ListSessionsRequest : AcpObject
{
    /// <summary>Only the sessions of this directory; null for all.</summary>
    public string? Cwd { get; init; }

    /// <summary>Where to go on: <see cref="ListSessionsResponse.NextCursor"/> of the answer before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>The answer to <c>session/list</c>.</summary>
public sealed record ListSessionsResponse([property: JsonConverter(typeof(ListOrEmpty<SessionInfo>))] IReadOnlyList<SessionInfo> Sessions) : AcpObject
{
    /// <summary>Where the next page begins; null on the last.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>A session that an agent kept.</summary>
public sealed record SessionInfo(string SessionId, string Cwd) : AcpObject
{
    [JsonConverter(typeof(ListOrEmpty<string>))]
    public IReadOnlyList<string> AdditionalDirectories { get => field ?? []; init; }

    public string? Title { get; init; }

    /// <summary>When the session was last used, as ISO 8601.</summary>
    public string? UpdatedAt { get; init; }
}
