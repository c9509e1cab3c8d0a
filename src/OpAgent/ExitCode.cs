namespace OpAgent;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Refusal = 3;
    public const int MaxTokens = 4;
    public const int MaxTurnRequests = 5;
    public const int Interrupted = 6;
    public const int Deadline = 7;
    public const int Limit = 8;
    public const int NotTrusted = 9;
    public const int HostRuns = 10;
    public const int Cancelled = 130;

    /// <summary>The exit code for how a turn ended.</summary>
    public static int ForTurn(string? stopReason, bool hasError) => stopReason switch
    {
        "end_turn" => hasError ? Failure : Success,
        "refusal" => Refusal,
        "max_tokens" => MaxTokens,
        "max_turn_requests" => MaxTurnRequests,
        "interrupted" => Interrupted,
        "deadline" => Deadline,
        "limit" => Limit,
        "cancelled" => Cancelled,
        _ => Failure,
    };
}
