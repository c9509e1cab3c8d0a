using System.Text.RegularExpressions;

namespace OpAgent.Architecture.Tests;

public sealed partial class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "OpAgent.sln", "README.md", "appsettings.json", "Directory.Build.props", "Directory.Packages.props", "global.json",
        "deploy", "wwwroot-assets", "src", "tests",
    ];

    private static readonly string[] Buckets =
        ["Services", "Helpers", "Utils", "Utilities", "Interfaces", "Models", "Common", "Misc", "Managers"];

    [Fact]
    public void TopLevel_OfTheRepository_HoldsOnlyWhatBelongsThere() => Rule.Holds(
        "The top level is what a newcomer sees first. Move it into src, tests, deploy or wwwroot-assets (only those, the build's own files and dotfiles stand here):",
        Repository.Files.Select(file => file.Path.Split('/')[0]).Distinct().Where(name => !name.StartsWith('.') && !TopLevel.Contains(name)));

    [Fact]
    public void Folders_InSourcesAndTests_AreDomainNouns() => Rule.Holds(
        "A folder is a noun of the domain (Sessions, Machines), never a drawer for a kind of code. Put the file beside what it is about:",
        from file in Repository.Files
        where file.Path.StartsWith("src/") || file.Path.StartsWith("tests/")
        where !file.Path.StartsWith("src/OpAgent.Server/Models/") // the gateway to language models
            && !file.Path.StartsWith("tests/OpAgent.Server.Tests/Models/")
        where file.Folders.Intersect(Buckets, StringComparer.OrdinalIgnoreCase).Any()
        select file.Path);

    [Fact]
    public void Namespaces_InSources_AreTheirFolders() => Rule.Holds(
        "A file's namespace is its project's root namespace and its folders. Move the file or change the namespace:",
        from project in Repository.SourceProjects
        from file in Repository.CodeBelow(project.Folder)
        where file.Path.EndsWith(".cs")
        let match = NamespaceLine().Match(file.ReadText())
        where match.Success
        let expected = string.Join('.', file.Path[(project.Folder.Length + 1)..].Split('/').SkipLast(1).Prepend(project.RootNamespace))
        where match.Groups[1].Value != expected
        select $"{file.Path}: {match.Groups[1].Value} instead of {expected}");

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
