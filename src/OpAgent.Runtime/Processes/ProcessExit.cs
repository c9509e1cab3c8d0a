namespace OpAgent.Runtime.Processes;

/// <summary>How a process ended: with an exit code, or by a signal.</summary>
/// <param name="Code">The exit code, or null when a signal ended it.</param>
/// <param name="Signal">The signal's number, or null when it exited by itself.</param>
internal sealed record ProcessExit(int? Code, int? Signal)
{
    /// <summary>The signal's name as in signal(7), for example SIGKILL.</summary>
    public string? SignalName => Signal is { } number ? SignalNames.Of(number) : null;

    public override string ToString() => Signal is null ? $"exited with code {Code}" : $"was ended by {SignalName}";
}
