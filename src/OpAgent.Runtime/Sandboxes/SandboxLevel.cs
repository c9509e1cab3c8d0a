namespace OpAgent.Runtime.Sandboxes;

/// <summary>What an agent may write.</summary>
internal enum SandboxLevel
{
    /// <summary>Nothing but its own home.</summary>
    ReadOnly,

    /// <summary>What is below its conversation's directory, too.</summary>
    Workspace,

    /// <summary>All that its user may write, but for what no agent may see. A person's grant, never a file's.</summary>
    None,
}
