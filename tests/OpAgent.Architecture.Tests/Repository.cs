using System.Diagnostics;

namespace OpAgent.Architecture.Tests;

/// <summary>The source tree that this test program was built from.</summary>
internal static class Repository
{
    /// <summary>The directory that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration of this build, for example <c>Release</c>; the other projects' output is read from the same one.</summary>
    public static string Configuration { get; } = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name;

    /// <summary>Every file that git tracks or would, relative to the root.</summary>
    public static IReadOnlyList<RepositoryFile> Files { get; } = ListFiles();

    /// <summary>The projects below <c>src</c>.</summary>
    public static IReadOnlyList<ProjectFile> SourceProjects { get; } =
        [.. Files.Where(file => file.Path.StartsWith("src/") && file.Path.EndsWith(".csproj")).Select(ProjectFile.Read)];

    /// <summary>All projects, those of the tests included.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } = [.. Files.Where(file => file.Path.EndsWith(".csproj")).Select(ProjectFile.Read)];

    /// <summary>The C# and Razor files below a folder.</summary>
    public static IEnumerable<RepositoryFile> CodeBelow(string folder) =>
        Files.Where(file => file.Path.StartsWith(folder + "/") && (file.Path.EndsWith(".cs") || file.Path.EndsWith(".razor")));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "OpAgent.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException(
                $"No OpAgent.sln above {AppContext.BaseDirectory}: run these tests from their build output inside the repository.");
        }

        return directory.FullName;
    }

    private static List<RepositoryFile> ListFiles()
    {
        // The tree may belong to another user than the one who tests, in a container for example: git would refuse it.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0) throw new InvalidOperationException($"git ls-files failed in {Root}: these tests need git and a clone of the repository.");
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Path.Combine(Root, path))).Select(path => new RepositoryFile(path))];
    }
}
