namespace OpAgent.Server.Machines;

/// <summary>What the host does about the runtime of its own machine. The key stands at the top of the configuration.</summary>
internal sealed class MachineOptions
{
    /// <summary>Start the runtime where none runs. Off where a service manager runs it, apart from the host.</summary>
    public bool StartRuntime { get; set; } = true;
}
