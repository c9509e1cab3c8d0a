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

    /// <summary>The codes as <c>--help</c> shows them.</summary>
    public const string Help = """
        Exit codes:
          0    Done; for run: the agent has answered.
          1    An error; the message says which.
          2    The command is not written right.
          3    The agent refused.
          4    The model's limit of tokens was reached.
          5    The model's limit of requests was reached.
          6    The turn was interrupted: the agent ended before it was done.
          7    The turn's deadline passed.
          8    A limit on the agent was reached.
          9    The directory is not trusted, so nothing runs in it.
          10   Another host serves the data directory already.
          130  The turn was cancelled.

        """;

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
