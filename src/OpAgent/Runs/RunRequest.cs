namespace OpAgent.Runs;

/// <summary>What <c>opagent run</c> was asked for.</summary>
internal sealed record RunRequest(string Directory, string Prompt, string? Agent, bool Yes);
