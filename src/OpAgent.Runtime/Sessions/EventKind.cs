namespace OpAgent.Runtime.Sessions;

/// <summary>Kinds of events in a journal.</summary>
internal static class EventKind
{
    public const string TurnQueued = "turn.queued";
    public const string TurnStarted = "turn.started";
    public const string Update = "update";
    public const string PermissionRequested = "permission.requested";
    public const string PermissionResolved = "permission.resolved";
    public const string AgentStarted = "agent.started";
    public const string AgentExited = "agent.exited";
    public const string Notice = "notice";
    public const string TurnEnded = "turn.ended";

    /// <summary>Not in the journal: tells a follower to reload and from which number to go on.</summary>
    public const string Reset = "reset";
}
