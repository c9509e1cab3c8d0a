using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>initialize</c>: the first request of a connection, in which the sides tell each other what they can do.</summary>
/// <param name="ProtocolVersion">The newest version that the client speaks; see <see cref="AcpProtocol.Version"/>.</param>
public sealed record InitializeRequest(int ProtocolVersion) : AcpObject
{
    /// <summary>What the agent may ask of the client.</summary>
    [JsonConverter(typeof(OrNew<ClientCapabilities>))]
    public ClientCapabilities ClientCapabilities { get => field ?? new(); init; }

    /// <summary>The client's name and version.</summary>
    [JsonConverter(typeof(OrNull<Implementation>))]
    public Implementation? ClientInfo { get; init; }
}

/// <summary>The answer to <c>initialize</c>.</summary>
/// <param name="ProtocolVersion">The version to speak from here on. A client that does not know it disconnects.</param>
public sealed record InitializeResponse(int ProtocolVersion) : AcpObject
{
    /// <summary>What the client may ask of the agent beyond the baseline.</summary>
    [JsonConverter(typeof(OrNew<AgentCapabilities>))]
    public AgentCapabilities AgentCapabilities { get => field ?? new(); init; }

    /// <summary>The ways to log in; empty when none is needed.</summary>
    [JsonConverter(typeof(ListOrEmpty<AuthMethod>))]
    public IReadOnlyList<AuthMethod> AuthMethods { get => field ?? []; init; }

    /// <summary>The agent's name and version.</summary>
    [JsonConverter(typeof(OrNull<Implementation>))]
    public Implementation? AgentInfo { get; init; }
}

/// <summary>A program that speaks the protocol.</summary>
/// <param name="Name">The name for programs, such as <c>opagent</c>.</param>
/// <param name="Version">The program's version.</param>
public sealed record Implementation(string Name, string Version) : AcpObject
{
    /// <summary>The name for people.</summary>
    public string? Title { get; init; }
}
