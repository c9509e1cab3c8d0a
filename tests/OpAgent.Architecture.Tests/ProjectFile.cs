using System.Xml.Linq;

namespace OpAgent.Architecture.Tests;

/// <summary>What a project file says about its dependencies.</summary>
internal sealed record ProjectFile(string Path, string AssemblyName, string RootNamespace, IReadOnlyList<ProjectReference> References, IReadOnlyList<string> Packages)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The project's folder relative to the root.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public bool IsAgent => Path.StartsWith("src/Agents/");

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
            [.. xml.Descendants("ProjectReference").Select(ProjectReference.Read)],
            [.. xml.Descendants("PackageReference").Select(item => item.Attribute("Include")?.Value).OfType<string>()]);
    }
}

/// <summary>A reference to another project.</summary>
/// <param name="Project">The other project's name; a pattern where the reference is one.</param>
/// <param name="BuildOnly">The other project is built first, but its assembly is not referenced.</param>
internal sealed record ProjectReference(string Project, bool BuildOnly)
{
    public static ProjectReference Read(XElement item)
    {
        var setting = item.Attribute("ReferenceOutputAssembly")?.Value ?? item.Element("ReferenceOutputAssembly")?.Value;
        return new ProjectReference(
            System.IO.Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value),
            string.Equals(setting, "false", StringComparison.OrdinalIgnoreCase));
    }
}
