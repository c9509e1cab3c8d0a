namespace OpAgent.Architecture.Tests;

/// <summary>A library that only one part of the program may know, so that it can be replaced there.</summary>
/// <param name="Prefix">How its packages, assemblies and namespaces begin.</param>
/// <param name="Project">The project that may use it.</param>
/// <param name="Folder">The folder of that project; null for all of it.</param>
/// <param name="FileEnding">Files elsewhere in the project that may use it, too.</param>
internal sealed record Confinement(string Prefix, string Project, string? Folder = null, string? FileEnding = null)
{
    public static readonly Confinement[] All =
    [
        new("SSH.NET", "OpAgent.Server"), // the package; its namespace is the next line's
        new("Renci.SshNet", "OpAgent.Server", "Machines"),
        new("Hangfire", "OpAgent.Server", "Jobs"),
        new("Microsoft.EntityFrameworkCore", "OpAgent.Server", "Storage", "Configuration.cs"),
        new("MudBlazor", "OpAgent.Ui"),
        new("Markdig", "OpAgent.Ui"),
    ];

    /// <summary>Where it may be used, for a message.</summary>
    public string Place => $"{Project}{(Folder is null ? "" : "/" + Folder)}{(FileEnding is null ? "" : " and *" + FileEnding)}";

    public bool Covers(string name) => name == Prefix || name.StartsWith(Prefix + ".");

    /// <summary>Whether a file of the sources may use it.</summary>
    public bool Allows(RepositoryFile file)
    {
        var home = $"src/{Project}/";
        if (!file.Path.StartsWith(home)) return false;
        return Folder is null || file.Path.StartsWith($"{home}{Folder}/") || (FileEnding is not null && file.Path.EndsWith(FileEnding));
    }
}
