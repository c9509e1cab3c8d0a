namespace OpAgent.Architecture.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void Projects_BelowSrc_HaveTheirPlaceInTheLayers() => Rule.Holds(
        "Each project below src is one of the parts that Layers.cs knows, or an agent in src/Agents. Put the code into one of them, or state the new part's dependencies there:",
        Repository.SourceProjects.Where(project => !Layers.IsKnown(project)).Select(project => project.Path));

    [Fact]
    public void ProjectReferences_BetweenParts_FollowTheLayers() => Rule.Holds(
        "Dependencies run one way (Layers.cs). Move the shared type down to Core, Acp or Protocol instead of adding the reference:",
        from project in Repository.SourceProjects
        from reference in project.References
        where !Layers.Allows(project, reference.Project) && !Layers.MayBuild(project, reference.Project)
        select $"{project.Name} → {reference.Project}");

    [Fact]
    public void ProjectReferences_ToProgramsThatAreStarted_AreForTheBuildOnly() => Rule.Holds(
        "Runtime and agents are processes of their own. Set ReferenceOutputAssembly=\"false\" on the reference:",
        from project in Repository.SourceProjects
        from reference in project.References
        where Layers.MayBuild(project, reference.Project) && !reference.BuildOnly
        select $"{project.Name} → {reference.Project}");

    [Fact]
    public void Assemblies_AsTheyWereBuilt_UseOnlyTheirLayers()
    {
        var projects = Repository.SourceProjects.ToDictionary(project => project.AssemblyName);
        Rule.Holds(
            "An assembly uses another one that is not below it in Layers.cs, perhaps through a reference that came along with a third. Move the shared type down:",
            from project in Repository.SourceProjects
            from reference in References(project)
            where projects.TryGetValue(reference, out var other) && !Layers.Allows(project, other.Name)
            select $"{project.AssemblyName} → {reference}");
    }

    [Fact]
    public void Assemblies_OfFormatsAndAgents_UseNoFramework() => Rule.Holds(
        "Core, Acp, Protocol and the agents know no web, hosting or database framework. Put what needs one into Runtime or Server:",
        from project in Repository.SourceProjects
        where Layers.IsPure(project)
        from reference in References(project)
        where reference.StartsWith("Microsoft.AspNetCore") || reference.StartsWith("Microsoft.Extensions.") || reference.StartsWith("Microsoft.EntityFrameworkCore")
            || reference.StartsWith("Grpc.Net") || reference.StartsWith("Grpc.AspNetCore")
        select $"{project.AssemblyName} → {reference}");

    [Fact]
    public void Projects_OfRuntimeAndAgents_AreMadeForNativeCode() => Rule.Holds(
        "The runtime, the agents and what they are made of publish as NativeAOT. Set IsAotCompatible, and PublishAot in a program, to true in the project file:",
        from project in Repository.SourceProjects
        let isProgram = project.IsAgent || project.Name == "OpAgent.Runtime"
        where isProgram || Layers.IsPure(project)
        from setting in isProgram ? new[] { "IsAotCompatible", "PublishAot" } : ["IsAotCompatible"]
        where !project.HasSet(setting)
        select $"{project.Path}: {setting}");

    [Fact]
    public void Runtime_AsItWasBuilt_DoesNotUseSystemDiagnosticsProcess() => Rule.Holds(
        "System.Diagnostics.Process reaps children behind the spawner's back and cannot start one in a session of its own. Use the runtime's own spawner (Processes/):",
        from project in Repository.SourceProjects
        where project.Name == "OpAgent.Runtime"
        from type in ForeignTypes(project)
        where type.StartsWith("System.Diagnostics.Process") && !type.StartsWith("System.Diagnostics.ProcessPriority")
        select type);

    private static List<string> References(ProjectFile project)
    {
        using var assembly = project.OpenAssembly();
        return [.. assembly.References];
    }

    private static List<string> ForeignTypes(ProjectFile project)
    {
        using var assembly = project.OpenAssembly();
        return [.. assembly.ForeignTypes];
    }
}
