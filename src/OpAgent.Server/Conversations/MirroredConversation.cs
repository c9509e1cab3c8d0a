using OpAgent.Core.Conversations;

namespace OpAgent.Server.Conversations;

/// <summary>A conversation as it stands. What has not changed since the last one is the same object.</summary>
/// <param name="Meta">As it was when the turns were read; its state moves on in <see cref="LiveOverview"/>.</param>
/// <param name="Turns">In order; at most the last one runs.</param>
/// <param name="Queue">Prompts that wait for the running turn.</param>
/// <param name="Commands">What the agent offers behind a slash.</param>
/// <param name="Usage">What the agent last told of its context and cost.</param>
public sealed record MirroredConversation(
    ConversationView Meta, IReadOnlyList<MirroredTurn> Turns, IReadOnlyList<QueuedTurn> Queue, IReadOnlyList<AgentCommand> Commands, ContextUsage? Usage);

/// <summary>A prompt and what follows it.</summary>
/// <param name="Prompt">Null where a person took it out of the file.</param>
/// <param name="Reply">Null until the agent has begun.</param>
public sealed record MirroredTurn(Guid Id, Turn? Prompt, Turn? Reply, bool Running);

/// <summary>A command that the agent offers.</summary>
/// <param name="Hint">What to write after it; null where it takes nothing.</param>
public sealed record AgentCommand(string Name, string Description, string? Hint);

/// <param name="Used">Tokens in the agent's context.</param>
/// <param name="Size">How many fit.</param>
/// <param name="Cost">Of the session, in the named currency.</param>
public sealed record ContextUsage(long Used, long Size, decimal? Cost, string? Currency);
