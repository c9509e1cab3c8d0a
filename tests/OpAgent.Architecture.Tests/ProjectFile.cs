using System.IO.Enumeration;
using System.Xml.Linq;

namespace OpAgent.Architecture.Tests;

/// <summary>What a project file says about its dependencies.</summary>
internal sealed record ProjectFile(
    string Path,
    string AssemblyName,
    string RootNamespace,
    IReadOnlySet<string> Settings,
    IReadOnlyList<ProjectReference> References,
    IReadOnlyList<string> Packages)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The project's folder relative to the root.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>An agent, as its manifest shows, and not what agents have in common.</summary>
    public bool IsAgent => IsBelowAgents && Repository.Files.Any(file => file.Path == Folder + "/agent.json");

    /// <summary>A library that agents have in common.</summary>
    public bool IsAgentLibrary => IsBelowAgents && !IsAgent;

    /// <summary>Whether the project says so of itself, as in <c>&lt;PublishAot&gt;true&lt;/PublishAot&gt;</c>.</summary>
    public bool HasSet(string property) => Settings.Contains(property);

    private bool IsBelowAgents => Path.StartsWith("src/Agents/");

    /// <summary>The assembly as this configuration built it.</summary>
    public BuiltAssembly OpenAssembly() =>
        new(System.IO.Path.Combine(Repository.Root, Folder, "bin", Repository.Configuration, "net10.0", AssemblyName + ".dll"));

    public static ProjectFile Read(RepositoryFile file)
    {
        var xml = XDocument.Load(file.FullPath);
        var name = System.IO.Path.GetFileNameWithoutExtension(file.Path);
        return new ProjectFile(
            file.Path,
            xml.Descendants("AssemblyName").SingleOrDefault()?.Value ?? name,
            xml.Descendants("RootNamespace").SingleOrDefault()?.Value ?? name,
            xml.Descendants("PropertyGroup").Elements().Where(setting => setting.Value == "true").Select(setting => setting.Name.LocalName).ToHashSet(),
            [.. xml.Descendants("ProjectReference").SelectMany(item => ProjectReference.Read(file, item))],
            [.. xml.Descendants("PackageReference").Select(item => item.Attribute("Include")?.Value).OfType<string>()]);
    }
}

/// <summary>A reference to another project.</summary>
/// <param name="Project">The other project's name.</param>
/// <param name="BuildOnly">The other project is built first, but its assembly is not referenced.</param>
internal sealed record ProjectReference(string Project, bool BuildOnly)
{
    /// <summary>The references of one item, which may be a pattern such as <c>../Agents/*/*.csproj</c>.</summary>
    public static IEnumerable<ProjectReference> Read(RepositoryFile from, XElement item)
    {
        var setting = item.Attribute("ReferenceOutputAssembly")?.Value ?? item.Element("ReferenceOutputAssembly")?.Value;
        var buildOnly = string.Equals(setting, "false", StringComparison.OrdinalIgnoreCase);
        var pattern = Path.GetFullPath(item.Attribute("Include")!.Value.Replace('\\', '/'), Path.GetDirectoryName(from.FullPath)!);
        return Repository.Files
            .Where(file => file.Path.EndsWith(".csproj") && FileSystemName.MatchesSimpleExpression(pattern, file.FullPath, ignoreCase: false))
            .Select(file => new ProjectReference(Path.GetFileNameWithoutExtension(file.Path), buildOnly));
    }
}
