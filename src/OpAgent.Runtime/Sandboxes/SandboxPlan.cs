using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>What one agent gets to see, with the places held open that others could move meanwhile. Needed until the agent has started.</summary>
internal sealed class SandboxPlan(Isolation? isolation, IReadOnlyList<SafeFileHandle> held) : IDisposable
{
    /// <summary>Without a sandbox.</summary>
    public static SandboxPlan FullRights { get; } = new(null, []);

    /// <summary>Null where the agent gets its user's full rights.</summary>
    public Isolation? Isolation => isolation;

    /// <summary>The same for two plans by which an agent may do the same. A live session whose plan would be another one by now is begun anew.</summary>
    public string Fingerprint { get; } = isolation is null ? "" : $"{isolation.Network}\n{isolation.Files.Fingerprint}";

    public void Dispose()
    {
        foreach (var handle in held) handle.Dispose();
    }
}
