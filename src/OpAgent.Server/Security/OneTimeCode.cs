namespace OpAgent.Server.Security;

/// <summary>A code that lets somebody choose a password once: the owner at set-up, or a person who has none or has lost it.</summary>
internal sealed class OneTimeCode
{
    /// <summary>What it is for: the set-up, or one account. There is one code for each at most.</summary>
    public required string Subject { get; init; }

    public required byte[] Hash { get; init; }
    public required DateTimeOffset Expires { get; init; }
    public required int AttemptsLeft { get; init; }
}
