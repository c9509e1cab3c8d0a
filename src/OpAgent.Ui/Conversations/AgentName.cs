namespace OpAgent.Ui.Conversations;

/// <summary>Agents' names as the page shows them.</summary>
internal static class AgentName
{
    /// <summary><c>librarian</c> for <c>librarian@1.2.0</c>.</summary>
    public static string Short(string? agent) => agent is { Length: > 0 } ? agent.Split('@')[0] : "the agent";

    public static string Version(string? agent) => agent?.Split('@') is [_, var version] ? version : "";
}
