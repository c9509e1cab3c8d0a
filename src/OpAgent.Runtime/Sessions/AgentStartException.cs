namespace OpAgent.Runtime.Sessions;

/// <summary>An agent could not be started or would not begin a session. The conversation stays usable; the next prompt tries again.</summary>
internal sealed class AgentStartException(string message, string stderr = "", Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The tail of what the agent wrote to stderr.</summary>
    public string Stderr { get; } = stderr;
}
