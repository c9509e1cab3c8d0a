namespace OpAgent.Core.Agents;

/// <summary>Where an agent's program comes from. Any number of ways may be given.</summary>
public sealed record AgentDistribution
{
    /// <summary>An npm package.</summary>
    public PackageDistribution? Npx { get; init; }

    /// <summary>A Python package that uv runs.</summary>
    public PackageDistribution? Uvx { get; init; }

    /// <summary>Archives by platform.</summary>
    public ValueList<BinaryDistribution> Binaries { get; init; } = [];
}

/// <summary>A package of a registry, for example <c>@google/gemini-cli@0.27.3</c>.</summary>
public sealed record PackageDistribution(string Package)
{
    public ValueList<string> Args { get; init; } = [];

    public ValueList<EnvironmentVariable> Env { get; init; } = [];
}

/// <summary>An archive with the program for one platform.</summary>
/// <param name="Platform">System and architecture, for example <c>linux-x86_64</c>.</param>
/// <param name="Archive">The archive's address.</param>
/// <param name="Cmd">The program inside, for example <c>./codex-acp</c>.</param>
public sealed record BinaryDistribution(string Platform, string Archive, string Cmd)
{
    public ValueList<string> Args { get; init; } = [];

    public ValueList<EnvironmentVariable> Env { get; init; } = [];
}
