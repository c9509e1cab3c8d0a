namespace OpAgent.Acp.Folding;

/// <summary>What an agent told of its model's context and cost, as it stood last.</summary>
/// <param name="Used">Tokens in the context.</param>
/// <param name="Size">Tokens that fit into it.</param>
/// <param name="Cost">What the session, not the turn, has cost so far; null where the agent does not say.</param>
/// <param name="Currency">The cost's unit: an ISO 4217 code or a word such as <c>credits</c>.</param>
public sealed record TurnUsage(long Used, long Size, decimal? Cost, string? Currency);
