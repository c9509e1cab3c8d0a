namespace OpAgent.Server.Machines;

/// <summary>A machine that the host knows.</summary>
internal sealed class KnownMachine
{
    /// <summary>The id that the machine's runtime made on its first start.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset Added { get; init; }
}
