using OpAgent.Core.Documents;

namespace OpAgent.Core.Agents;

/// <summary>
/// A package's <c>agent.json</c>: an entry of the ACP registry, and what OpAgent adds to it. Keys it does not know are kept.
/// </summary>
/// <param name="Id">The agent's id (<see cref="AgentId"/>).</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Version">The package's version.</param>
/// <param name="Description">What the agent does, in a sentence; may be empty.</param>
public sealed record AgentManifest(string Id, string Name, SemanticVersion Version, string Description)
{
    /// <summary>The file's name in a package.</summary>
    public const string FileName = "agent.json";

    /// <summary>Where the program comes from, unless the package ships it.</summary>
    public AgentDistribution Distribution { get; init; } = new();

    /// <summary>How a package that ships its program starts it.</summary>
    public AgentCommand? Command { get; init; }

    /// <summary>The ACP mode in which the agent is started, unless a binding says otherwise.</summary>
    public string? Mode { get; init; }

    /// <summary>True where the agent asks before it does what its mode makes it ask for; null where nobody vouches for it.</summary>
    public bool? Asks { get; init; }

    /// <summary>What the agent needs around it.</summary>
    public AgentNeeds Needs { get; init; } = new();

    /// <summary>What the agent may use up.</summary>
    public AgentLimits Limits { get; init; } = new();

    /// <summary>Keys that OpAgent does not know, with their values as raw JSON; those of the <c>opagent</c> object as <c>opagent.key</c>.</summary>
    public ValueList<UnknownKey> Unknown { get; init; } = [];

    /// <summary>The name and version in one, as a conversation's turns carry it.</summary>
    public string Reference => $"{Id}@{Version}";

    /// <summary>Reads a manifest; <paramref name="file"/> is what errors call it. Never throws because of what stands in it.</summary>
    public static AgentManifestResult Parse(string json, string file) => AgentManifestReader.Read(json, file);
}

/// <summary>A key that OpAgent does not know and its value as raw JSON.</summary>
public sealed record UnknownKey(string Key, string Json);

/// <summary>A variable in a process's environment.</summary>
public sealed record EnvironmentVariable(string Name, string Value);

/// <summary>A manifest, or the errors for which there is none.</summary>
public sealed record AgentManifestResult(AgentManifest? Manifest, ValueList<FormatError> Errors);
