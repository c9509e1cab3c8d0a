namespace OpAgent.Architecture.Tests;

/// <summary>Which project may reference which. Dependencies run one way: Runtime and Server meet only in Protocol.</summary>
internal static class Layers
{
    private static readonly string[] Contracts = ["OpAgent.Core", "OpAgent.Acp", "OpAgent.Protocol"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["OpAgent.Core"] = [],
        ["OpAgent.Acp"] = ["OpAgent.Core"],
        ["OpAgent.Protocol"] = ["OpAgent.Core"],
        ["OpAgent.Runtime"] = Contracts,
        ["OpAgent.Server"] = Contracts,
        ["OpAgent.Ui"] = [.. Contracts, "OpAgent.Server"],
        ["OpAgent"] = [.. Contracts, "OpAgent.Server", "OpAgent.Ui"],
    };

    /// <summary>Projects without I/O frameworks: formats, rules, the protocols, and what agents are made of.</summary>
    public static bool IsPure(ProjectFile project) => project.IsAgent || project.IsAgentLibrary || Contracts.Contains(project.Name);

    public static bool IsKnown(ProjectFile project) => project.IsAgent || project.IsAgentLibrary || Allowed.ContainsKey(project.Name);

    /// <summary>The projects whose types this one may use.</summary>
    public static bool Allows(ProjectFile project, string other)
    {
        if (!project.IsAgent && !project.IsAgentLibrary) return Allowed.GetValueOrDefault(project.Name, []).Contains(other);
        return other is "OpAgent.Core" or "OpAgent.Acp" || (project.IsAgent && Repository.SourceProjects.Any(library => library.IsAgentLibrary && library.Name == other));
    }

    /// <summary>The program starts the runtime and the agents as processes: it only sees to it that they are built.</summary>
    public static bool MayBuild(ProjectFile project, string other) =>
        project.Name == "OpAgent" && (other == "OpAgent.Runtime" || Repository.SourceProjects.Any(agent => agent.IsAgent && agent.Name == other));
}
