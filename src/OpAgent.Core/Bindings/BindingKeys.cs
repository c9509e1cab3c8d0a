namespace OpAgent.Core.Bindings;

/// <summary>The keys of <c>workspace.yaml</c> that this version reads.</summary>
public static class BindingKeys
{
    public const string Agent = "agent";
    public const string Model = "model";
    public const string Mode = "mode";
    public const string Inherit = "inherit";
    public const string Sandbox = "sandbox";
    public const string Network = "network";
    public const string Limits = "limits";

    // Below limits.
    public const string Memory = "memory";
    public const string Processes = "processes";
    public const string OpenFiles = "openFiles";
    public const string Turn = "turn";
    public const string Idle = "idle";
    public const string Output = "output";

    internal static readonly string[] All = [Agent, Model, Mode, Inherit, Sandbox, Network, Limits];

    internal static readonly string[] AllLimits = [Memory, Processes, OpenFiles, Turn, Idle, Output];
}
