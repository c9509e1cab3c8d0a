using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>What an agent may ask of the client. <see cref="AcpClientConnection"/> answers only permission requests, so the defaults fit it.</summary>
public sealed record ClientCapabilities : AcpObject
{
    /// <summary>Access to files through the client.</summary>
    [JsonConverter(typeof(OrNew<FileSystemCapabilities>))]
    public FileSystemCapabilities Fs { get => field ?? new(); init; }

    /// <summary>Whether commands can be run in the client's terminals.</summary>
    [JsonConverter(typeof(LenientFlag))]
    public bool Terminal { get; init; }

    /// <summary>What the client understands within a session.</summary>
    [JsonConverter(typeof(OrNull<ClientSessionCapabilities>))]
    public ClientSessionCapabilities? Session { get; init; }

    /// <summary>The ways to log in that the client can offer.</summary>
    [JsonConverter(typeof(OrNew<ClientAuthCapabilities>))]
    public ClientAuthCapabilities Auth { get => field ?? new(); init; }

    /// <summary>Whether and how the client can ask its user something for the agent.</summary>
    [JsonConverter(typeof(OrNull<ElicitationCapabilities>))]
    public ElicitationCapabilities? Elicitation { get; init; }
}

/// <summary>The <c>fs/*</c> methods that a client has.</summary>
public sealed record FileSystemCapabilities : AcpObject
{
    [JsonConverter(typeof(LenientFlag))]
    public bool ReadTextFile { get; init; }

    [JsonConverter(typeof(LenientFlag))]
    public bool WriteTextFile { get; init; }
}

/// <summary>What a client understands within a session.</summary>
public sealed record ClientSessionCapabilities : AcpObject
{
    /// <summary>Present when the client shows <see cref="CompactionUpdate"/> and <see cref="CompactionSummaryChunk"/>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Compaction { get; init; }

    /// <summary>Which configuration options the client can show beyond lists of choices.</summary>
    [JsonConverter(typeof(OrNull<ConfigOptionCapabilities>))]
    public ConfigOptionCapabilities? ConfigOptions { get; init; }

    /// <summary>Present when the client shows <see cref="Notice"/>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Notices { get; init; }
}

/// <summary>Which configuration options a client can show beyond lists of choices.</summary>
public sealed record ConfigOptionCapabilities : AcpObject
{
    /// <summary>Present when the client shows <see cref="BooleanConfigOption"/>.</summary>
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Boolean { get; init; }
}

/// <summary>The ways to log in that a client can offer.</summary>
public sealed record ClientAuthCapabilities : AcpObject
{
    /// <summary>Whether the client can run the agent's program in a terminal for <see cref="TerminalAuthMethod"/>.</summary>
    [JsonConverter(typeof(LenientFlag))]
    public bool Terminal { get; init; }
}

/// <summary>How a client can ask its user something for the agent.</summary>
public sealed record ElicitationCapabilities : AcpObject
{
    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Form { get; init; }

    [JsonConverter(typeof(OrNull<Capability>))]
    public Capability? Url { get; init; }
}

/// <summary>A capability that says nothing but that it is there.</summary>
public sealed record Capability : AcpObject;
