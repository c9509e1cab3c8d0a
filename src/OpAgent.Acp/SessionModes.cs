using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>The modes of a session, such as "ask" and "code", and the one in force.</summary>
public sealed record SessionModeState(
    string CurrentModeId,
    [property: JsonConverter(typeof(ListOrEmpty<SessionMode>))] IReadOnlyList<SessionMode> AvailableModes) : AcpObject;

/// <summary>One mode of a session.</summary>
public sealed record SessionMode(string Id, string Name) : AcpObject
{
    public string? Description { get; init; }
}

/// <summary><c>session/set_mode</c>: changes the mode. Agents with configuration options take <c>session/set_config_option</c> instead.</summary>
public sealed record SetSessionModeRequest(string SessionId, string ModeId) : AcpObject;

/// <summary>The answer to <c>session/set_mode</c>.</summary>
public sealed record SetSessionModeResponse : AcpObject;
