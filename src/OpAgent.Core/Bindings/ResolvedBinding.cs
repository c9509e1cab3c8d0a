using OpAgent.Core.Agents;

namespace OpAgent.Core.Bindings;

/// <summary>A value with the file and line that decided it; the machine's own policy is named by its absolute path.</summary>
public sealed record Sourced<T>(T Value, string File, int Line);

/// <summary>What holds for a directory after everything above it was taken into account. Null where no file says anything.</summary>
public sealed record ResolvedBinding
{
    /// <summary>The agent; <see cref="AgentReference.None"/> where a file says that there is none.</summary>
    public Sourced<AgentReference>? Agent { get; init; }

    /// <summary>The directory whose file chose the agent: an <see cref="AgentReference.Package"/> is relative to it.</summary>
    public string? AgentDirectory { get; init; }

    public Sourced<string>? Model { get; init; }

    public Sourced<string>? Mode { get; init; }

    public Sourced<SandboxLevel>? Sandbox { get; init; }

    public Sourced<NetworkAccess>? Network { get; init; }

    public ResolvedLimits Limits { get; init; } = new();
}
