using System.Text.Json;
using OpAgent.Acp;
using OpAgent.Core.Agents;
using OpAgent.Core.Bindings;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

/// <summary>A live session as one program hands it over to the next.</summary>
/// <param name="Sandbox">By what it is kept from what is not its own.</param>
/// <param name="Id">The session's id in the agent.</param>
/// <param name="TokenHashes">By which the endpoint knows the session's secret.</param>
/// <param name="Stderr">The tail of what the agent wrote there.</param>
internal sealed record SessionHandover(
    ChildHandover Child, AgentHandover Agent, string Sandbox, string Id, bool IsNew, AgentModes Modes, decimal CostSoFar, IReadOnlyList<string> TokenHashes, byte[] Stderr, ConnectionHandover Connection);

/// <summary>What is still asked of an agent that runs: what it is called and where it came from. Its package may be another one by now.</summary>
internal sealed record AgentHandover(string Id, string Name, string Version, string Root)
{
    public string Label => $"{Id}@{Version}";

    public ResolvedAgent Restore() => new(
        new AgentManifest(Id, Name, SemanticVersion.TryParse(Version, out var version) ? version : throw new InvalidDataException($"'{Version}' is not a version."), ""), Root, new ResolvedBinding());
}

/// <summary><see cref="AcpConnectionState"/> as it is written down; the open requests are the agent's own JSON.</summary>
internal sealed record ConnectionHandover(long LastRequestId, long? PromptId, byte[] Unread, bool IsDropping, byte[] Unsent, long JunkLines, IReadOnlyList<OpenRequestHandover> OpenRequests)
{
    public static ConnectionHandover Of(AcpConnectionState state) => new(
        state.LastRequestId, state.PromptId, state.Unread, state.IsDropping, state.Unsent, state.JunkLines,
        [.. state.OpenRequests.Select(request => new OpenRequestHandover(request.RequestId!, JsonSerializer.SerializeToElement(request, AcpJson.Default.RequestPermissionRequest)))]);

    public AcpConnectionState Restore() => new(LastRequestId, PromptId, Unread, IsDropping, Unsent, JunkLines, [.. OpenRequests.Select(request => request.Restore())]);
}

/// <summary>A question of the agent that waits for its answer.</summary>
/// <param name="RequestId">Under which the agent waits, as JSON.</param>
internal sealed record OpenRequestHandover(string RequestId, JsonElement Request)
{
    public RequestPermissionRequest Restore() => Request.Deserialize(AcpJson.Default.RequestPermissionRequest)! with { RequestId = RequestId };
}
