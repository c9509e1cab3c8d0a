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

    /// <summary>What is kept of the tool call that an agent asks about, in bytes; of a larger one only what it is called.</summary>
    public const int MaxPermissionToolCall = 1024 * 1024;

    /// <summary>The answers that an agent offers, in bytes.</summary>
    public const int MaxPermissionOptions = 16 * 1024;

    /// <summary>A list of permission requests, in bytes; of those beyond it is told only what they are called.</summary>
    public const int MaxPermissionList = 32 * 1024 * 1024;

    /// <summary>Prompts that wait in one conversation.</summary>
    public const int MaxQueued = 100;
}
