namespace OpAgent.Server.Workspaces;

/// <summary>A directory of a machine that was opened here.</summary>
internal sealed class Workspace
{
    public required string Id { get; init; }

    public required string MachineId { get; init; }

    /// <summary>Absolute and canonical, as the machine's runtime says it.</summary>
    public required string Path { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset Opened { get; init; }
}
