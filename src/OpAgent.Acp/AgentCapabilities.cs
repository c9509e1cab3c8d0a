using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>What a client may ask of an agent beyond the baseline of <c>session/new</c>, <c>session/prompt</c> and <c>session/cancel</c>.</summary>
public sealed record AgentCapabilities : AcpObject
{
    /// <summary>Whether <c>session/load</c> works: it replays the session's history as updates before it answers.</summary>
    [JsonConverter(typeof(LenientFlag))]
    public bool LoadSession { get; init; }

    /// <summary>What a prompt may hold besides text and links.</summary>
    [JsonConverter(typeof(OrNew<PromptCapabilities>))]
    public PromptCapabilities PromptCapabilities { get => field ?? new(); init; }

    /// <summary>The transports to MCP servers that the agent has besides stdio.</summary>
    [JsonConverter(typeof(OrNew<McpCapabilities>))]
    public McpCapabilities McpCapabilities { get => field ?? new(); init; }

    /// <summary>The optional <c>session/*</c> methods.</summary>
    [JsonConverter(typeof(OrNew<SessionCapabilities>))]
    public SessionCapabilities SessionCapabilities { get => field ?? new(); init; }

    /// <summary>The optional methods about logging in.</summary>
    [JsonConverter(typeof(OrNew<AgentAuthCapabilities>))]
    public AgentAuthCapabilities Auth { get => field ?? new(); init; }
}

/// <summary>What a prompt may hold besides text and links.</summary>
public sealed record PromptCapabilities : AcpObject
{
    [JsonConverter(typeof(LenientFlag))]
    public bool Image { get; init; }

    [JsonConverter(typeof(LenientFlag))]
    public bool Audio { get; init; }

    /// <summary>Whether <see cref="EmbeddedResource"/> may be sent.</summary>
    [JsonConverter(typeof(LenientFlag))]
    public bool EmbeddedContext { get; init; }
}

/// <summary>The transports to MCP servers that an agent has besides stdio.</summary>
public sealed record McpCapabilities : AcpObject
{
    [JsonConverter(typeof(LenientFlag))]
    public bool Http { get; init; }

    [JsonConverter(typeof(LenientFlag))]
    public bool Sse { get; init; }
}

/// <summary>The optional <c>session/*</c> methods of an agent; each is there when its object is.</summary>
public sealed record SessionCapabilities : AcpObject
{
    /// <summary><c>session/list</c>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? List { get; init; }

    /// <summary><c>session/delete</c>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Delete { get; init; }

    /// <summary>Whether sessions take additional directories.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? AdditionalDirectories { get; init; }

    /// <summary><c>session/resume</c>: goes on with a session without replaying its history.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Resume { get; init; }

    /// <summary><c>session/close</c>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Close { get; init; }
}

/// <summary>The optional methods of an agent about logging in.</summary>
public sealed record AgentAuthCapabilities : AcpObject
{
    /// <summary><c>logout</c>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Logout { get; init; }
}
