namespace OpAgent.Acp;

/// <summary>Where a client's connection stands between two messages: all that another program needs to go on with the agent's streams.</summary>
/// <param name="LastRequestId">The id of the last request that was sent.</param>
/// <param name="PromptId">The id of the prompt that the agent has not answered yet; null where none is open.</param>
/// <param name="Unread">What was read from the agent and is not a whole line yet.</param>
/// <param name="IsDropping">Whether that is the end of a line that is too long.</param>
/// <param name="Unsent">What is still to be written to the agent.</param>
/// <param name="JunkLines">How many lines could not be used so far.</param>
/// <param name="OpenRequests">What the agent asked and was not answered yet.</param>
public sealed record AcpConnectionState(
    long LastRequestId, long? PromptId, byte[] Unread, bool IsDropping, byte[] Unsent, long JunkLines, IReadOnlyList<RequestPermissionRequest> OpenRequests);
