namespace OpAgent.Core.Bindings;

/// <summary>What an agent may write to, from the strictest level to the widest.</summary>
public enum SandboxLevel
{
    /// <summary>Nothing but its own home.</summary>
    ReadOnly,

    /// <summary>What is below the conversation's directory, too.</summary>
    Workspace,

    /// <summary>What its user may. A person grants this; no file can.</summary>
    None,
}
