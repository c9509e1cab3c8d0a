using System.Text.RegularExpressions;

namespace OpAgent.Architecture.Tests;

public sealed class PackageTests
{
    // What the platform does itself, and libraries for what the tests do by hand.
    private static readonly string[] Unwanted =
        ["Newtonsoft.Json", "StreamJsonRpc", "Tmds.", "Mono.Posix", "MediatR", "AutoMapper", "Serilog", "Moq", "NSubstitute", "FakeItEasy", "FluentAssertions"];

    [Fact]
    public void Packages_WithOneHome_AreReferencedOnlyThere() => Rule.Holds(
        "The package belongs to one project only (Confinement.cs). Ask that project for what is needed instead:",
        from project in Repository.SourceProjects
        from package in project.Packages
        from confinement in Confinement.All
        where confinement.Covers(package) && confinement.Project != project.Name
        select $"{project.Name} → {package} (only in {confinement.Place})");

    [Fact]
    public void Assemblies_OfPackagesWithOneHome_AreUsedOnlyThere() => Rule.Holds(
        "The library belongs to one project only (Confinement.cs), and this one reaches it through another reference. Ask its home for what is needed instead:",
        from project in Repository.SourceProjects
        from reference in References(project)
        from confinement in Confinement.All
        where confinement.Covers(reference) && confinement.Project != project.Name
        select $"{project.AssemblyName} → {reference} (only in {confinement.Place})");

    [Fact]
    public void Namespaces_OfPackagesWithOneHome_AppearOnlyInTheirFolder() => Rule.Holds(
        "The library belongs into one folder only (Confinement.cs). Move the code there, behind a type that does not mention it:",
        from confinement in Confinement.All
        let name = Regex.Escape(confinement.Prefix)
        let pattern = new Regex($@"\busing\s+(static\s+|\w+\s*=\s*)?(global::)?{name}\b|(?<![\w.""]){name}\.\w")
        from file in Repository.CodeBelow("src")
        where !confinement.Allows(file)
        from place in file.Find(pattern)
        select $"{place} (only in {confinement.Place})");

    [Fact]
    public void Packages_ThatAreNotWanted_AreNotReferenced() => Rule.Holds(
        "OpAgent does without this package: the platform has what it does, or a hand-written fake is clearer:",
        from project in Repository.Projects
        from package in project.Packages
        where Unwanted.Any(unwanted => package.StartsWith(unwanted, StringComparison.OrdinalIgnoreCase))
        select $"{project.Name} → {package}");

    private static List<string> References(ProjectFile project)
    {
        using var assembly = project.OpenAssembly();
        return [.. assembly.References];
    }
}
