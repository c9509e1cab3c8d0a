namespace OpAgent.Core.Bindings;

/// <summary>The limits that hold for a directory: the smallest of each that a file sets. Null where none sets it; there is no limit then.</summary>
public sealed record ResolvedLimits
{
    /// <summary>Bytes of memory of the agent and everything it started.</summary>
    public Sourced<long>? Memory { get; init; }

    /// <summary>Processes: the agent and everything it started.</summary>
    public Sourced<int>? Processes { get; init; }

    /// <summary>Files that each of these processes may have open at once.</summary>
    public Sourced<int>? OpenFiles { get; init; }

    /// <summary>How long a turn may take, without the time that it waits for a person.</summary>
    public Sourced<TimeSpan>? Turn { get; init; }

    /// <summary>An agent that had nothing to do for this long is ended.</summary>
    public Sourced<TimeSpan>? Idle { get; init; }

    /// <summary>Bytes a second that the agent may write to stdout and stderr together.</summary>
    public Sourced<long>? Output { get; init; }

    internal ResolvedLimits Narrow(BindingFile file) => new()
    {
        Memory = Power.Narrow(Memory, file.Limits.Memory, file),
        Processes = Power.Narrow(Processes, file.Limits.Processes, file),
        OpenFiles = Power.Narrow(OpenFiles, file.Limits.OpenFiles, file),
        Turn = Power.Narrow(Turn, file.Limits.Turn, file),
        Idle = Power.Narrow(Idle, file.Limits.Idle, file),
        Output = Power.Narrow(Output, file.Limits.Output, file),
    };
}
