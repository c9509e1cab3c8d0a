using OpAgent.Acp;

namespace OpAgent.Runtime.Sessions;

/// <summary>How a session is to begin.</summary>
/// <param name="Initialize">The first message.</param>
/// <param name="New">Where a new session begins; a taken up one gets its directory and meta data too.</param>
/// <param name="Previous">The session to take up if the agent can; null for a new one.</param>
/// <param name="Mode">The mode to set; null leaves the agent's own.</param>
/// <param name="NotResumed">Is told why a session could not be taken up.</param>
internal sealed record SessionStart(InitializeRequest Initialize, NewSessionRequest New, string? Previous, string? Mode, Action<string> NotResumed);
