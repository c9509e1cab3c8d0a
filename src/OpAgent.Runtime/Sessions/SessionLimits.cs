namespace OpAgent.Runtime.Sessions;

/// <summary>Sizes beyond which the runtime refuses instead of slowing everybody down.</summary>
internal static class SessionLimits
{
    /// <summary>A conversation's file.</summary>
    public const long MaxConversationBytes = 512L * 1024 * 1024;

    /// <summary>A prompt's text, in UTF-16 code units.</summary>
    public const int MaxPromptLength = 16 * 1024 * 1024;

    /// <summary>What a new session is told of an earlier conversation, in UTF-16 code units.</summary>
    public const int MaxTranscriptLength = 400_000;

    /// <summary>Questions of one agent that wait for an answer.</summary>
    public const int MaxOpenPermissions = 100;

    /// <summary>Prompts that wait in one conversation.</summary>
    public const int MaxQueued = 100;
}
