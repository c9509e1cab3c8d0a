namespace OpAgent.Runtime.Processes;

/// <summary>A process as one program hands it over to the next: what it is known by, and this side's ends of its pipes.</summary>
/// <param name="SpawnedPid">This program's own child.</param>
/// <param name="StartTicks">With the id it names one process for good.</param>
internal sealed record ChildHandover(int SpawnedPid, long StartTicks, TreeHandover Tree, int StandardInput, int StandardOutput, int StandardError)
{
    /// <summary>The descriptors that go from program to program.</summary>
    public IEnumerable<int> Descriptors() => [StandardInput, StandardOutput, StandardError];
}
