namespace OpAgent.Runtime.Sessions;

/// <summary>The states of a conversation, as the API names them.</summary>
internal static class ConversationState
{
    public const string Idle = "idle", Starting = "starting", Running = "running", Waiting = "waiting", Stopped = "stopped", Failed = "failed";
}
