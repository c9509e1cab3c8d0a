using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>Decides what an agent sees and may write (design §3): by its level, and always without what no agent may see.</summary>
internal sealed class SandboxPlanner(HiddenPlaces hidden, RuntimeHome home)
{
    private const int SubmoduleDepth = 3, BoundDepth = 4, MostLookedAt = 500;
    private const string Homes = "/home", RootHome = "/root";
    private static readonly string[] TemporaryTrees = ["/var/tmp", "/tmp"];

    /// <summary>What the agent's directories must not let it change: by these it would run something outside, or give itself powers.</summary>
    private static readonly string[] Protected = [".opagent", ".mcp.json"];
    private static readonly string[] ProtectedInGit = ["hooks", "config", "config.worktree", "commondir"];

    /// <exception cref="ProblemException">The workspace is not what it was when it was opened.</exception>
    public SandboxPlan Make(SandboxRequest request)
    {
        var held = new List<SafeFileHandle>();
        try
        {
            return new SandboxPlan(new Isolation(View(request, held), request.Network), held);
        }
        catch
        {
            foreach (var handle in held) handle.Dispose();
            throw;
        }
    }

    private FileView View(SandboxRequest request, List<SafeFileHandle> held)
    {
        var workspace = request.Root.RealPath;
        if (workspace != request.Root.Path)
            throw KnownProblems.DirectoryNotAllowed.With($"'{request.Root.Path}' leads to '{workspace}' by now, so nothing runs in it. Open the directory by its real path.");
        var directory = RealDirectory(request.Root, request.Directory);
        var secrets = hidden.For(workspace).ToList();
        var view = new FileView().Set("/", request.Level == SandboxLevel.None ? Visibility.Writable : Visibility.ReadOnly);
        if (request.Level != SandboxLevel.None) HidePrivatePlaces(view, request);
        foreach (var secret in secrets) view.Set(secret, Visibility.Hidden);
        if (request.Level != SandboxLevel.None) ShowNamed(view, request, secrets);

        Hold(view, request.Root, "", request.Level == SandboxLevel.None ? Visibility.Writable : Visibility.ReadOnly, held);
        if (request.Level != SandboxLevel.ReadOnly) Hold(view, request.Root, directory, Visibility.Writable, held);
        foreach (var place in new[] { "", directory }.Distinct().Where(place => IsWritable(view, workspace, place)))
        {
            Protect(view, request.Root, place, held);
            foreach (var bound in BoundBelow(workspace, place)) Hold(view, request.Root, bound, Visibility.ReadOnly, held);
        }


        var package = HiddenPlaces.RealPath(request.AgentRoot);
        if (package is not null && DirectoryPaths.IsAtOrBelow(package, workspace)) Hold(view, request.Root, Path.GetRelativePath(workspace, package), Visibility.ReadOnly, held);
        else if (package is not null) view.Set(package, Visibility.ReadOnly);
        view.Set(request.Home.Path, Visibility.Writable).Set(request.Home.Temporary, Visibility.Writable);
        if (!request.Network) view.Set(home.EndpointSocket, Visibility.ReadOnly).Set(HiddenPlaces.RealPath(AppContext.BaseDirectory)!, Visibility.ReadOnly);
        return view.Simplify();
    }

    /// <summary>Relative to the workspace, without the symbolic links below it.</summary>
    private static string RealDirectory(WorkspaceRoot root, string directory)
    {
        if (directory.Length == 0) return "";
        using var handle = root.OpenBelow(directory, LibC.O_PATH | LibC.O_DIRECTORY);
        return Path.GetRelativePath(root.RealPath, WorkspaceRoot.RealPathOf(handle)) is not "." and var relative ? relative : "";
    }

    private static void HidePrivatePlaces(FileView view, SandboxRequest request)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // Credentials, histories and settings of programs; those that are known by name are hidden at every level.
        var settings = Directory.Exists(user) ? Directory.EnumerateFileSystemEntries(user, ".*") : [];
        var others = Directory.Exists(Homes) ? Directory.EnumerateDirectories(Homes) : [];
        foreach (var place in settings.Concat(others.Append(RootHome).Where(other => !DirectoryPaths.IsAtOrBelow(user, other))).Append("/run").Select(HiddenPlaces.RealPath).OfType<string>())
            view.Set(place, Visibility.Hidden);
        foreach (var tree in TemporaryTrees.Select(HiddenPlaces.RealPath).OfType<string>().Distinct()) view.Set(tree, Visibility.Writable, request.Home.Temporary);
        // Where the names of machines are looked up is often told by a link into /run.
        if (HiddenPlaces.RealPath("/etc/resolv.conf") is { } resolver && resolver.StartsWith("/run/", StringComparison.Ordinal)) view.Set(Path.GetDirectoryName(resolver)!, Visibility.ReadOnly);
    }

    /// <summary>Shows again what the agent was given by name: where its workspace stands, and the programs that PATH and its manifest name.</summary>
    private static void ShowNamed(FileView view, SandboxRequest request, List<string> secrets)
    {
        var directories = request.Path.Split(':', StringSplitOptions.RemoveEmptyEntries).Append(DotnetRoot.Path).Where(Path.IsPathFullyQualified).Select(Prefix);
        var files = request.Named.Where(Path.IsPathFullyQualified).Select(Path.GetFullPath).Select(name => File.Exists(name) ? Path.GetDirectoryName(name)! : name);
        foreach (var place in directories.Concat(files).Append(request.Root.Path).Select(Branch).Select(HiddenPlaces.RealPath).OfType<string>().Where(Directory.Exists))
        {
            if (!IsHome(place) && view.Hides(place) && !secrets.Exists(secret => DirectoryPaths.IsAtOrBelow(place, secret))) view.Set(place, Visibility.ReadOnly);
        }
    }

    /// <summary>Whether a place is the home of a person: no program is installed there, whatever a search path says.</summary>
    private static bool IsHome(string place) =>
        place == RootHome || Path.GetDirectoryName(place) == Homes || place == HiddenPlaces.RealPath(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>A program needs what is installed beside it: of <c>tools/bin</c> that is <c>tools</c>.</summary>
    private static string Prefix(string directory)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.GetFileName(directory) is "bin" or "sbin" or "shims" && Path.GetDirectoryName(directory) is { } parent && parent != user && parent != Path.Combine(user, ".local") ? parent : directory;
    }

    /// <summary>What stands in a directory for temporary files is shown with its surroundings, as it would be anywhere else.</summary>
    private static string Branch(string place) =>
        TemporaryTrees.FirstOrDefault(tree => DirectoryPaths.IsAtOrBelow(place, tree)) is { } tree && place[tree.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? Path.Combine(tree, first) : place;

    private static void Protect(FileView view, WorkspaceRoot root, string directory, List<SafeFileHandle> held)
    {
        foreach (var name in Protected) Hold(view, root, Join(directory, name), Visibility.ReadOnly, held);
        var git = Join(directory, ".git");
        if (!Directory.Exists(Path.Combine(root.RealPath, git)))
        {
            Hold(view, root, git, Visibility.ReadOnly, held);
            return;
        }

        // Mounted on itself, it cannot be renamed and replaced by another one.
        Hold(view, root, git, Visibility.Writable, held);
        foreach (var name in ProtectedInGit) Hold(view, root, Join(git, name), Visibility.ReadOnly, held);
        var modules = Path.Combine(root.RealPath, git, "modules");
        if (!Directory.Exists(modules)) return;
        // Submodules have hooks and a configuration of their own.
        foreach (var name in Directory.EnumerateFileSystemEntries(modules, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = SubmoduleDepth, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(name => Path.GetFileName(name) is "hooks" or "config")) Hold(view, root, Path.GetRelativePath(root.RealPath, name), Visibility.ReadOnly, held);
    }

    /// <summary>Directories below that have a binding or conversations of their own, as far as they are found quickly.</summary>
    private static IEnumerable<string> BoundBelow(string workspace, string directory)
    {
        var looked = 0;
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true, RecurseSubdirectories = true, MaxRecursionDepth = BoundDepth };
        return new FileSystemEnumerable<string>(Path.Combine(workspace, directory), (ref FileSystemEntry entry) => Path.GetRelativePath(workspace, entry.ToFullPath()), options)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => entry.IsDirectory && entry.FileName.SequenceEqual(".opagent"),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.FileName.StartsWith(".") && !entry.FileName.SequenceEqual("node_modules") && ++looked <= MostLookedAt,
        };
    }

    /// <summary>Shows a place of the workspace, as it is now, where it is there. What is missing is not made: a mount would leave an empty file behind.</summary>
    private static void Hold(FileView view, WorkspaceRoot root, string path, Visibility visibility, List<SafeFileHandle> held)
    {
        if (root.TryOpenBelow(path, LibC.O_PATH | LibC.O_NOFOLLOW, 0, out _) is not { } handle) return;
        held.Add(handle);
        // A name that leads elsewhere is not the thing that is protected, and mounts follow it.
        var place = path.Length == 0 ? root.RealPath : Path.Combine(root.RealPath, path);
        if (WorkspaceRoot.RealPathOf(handle) == place && !FileStatus.Of(handle).IsSymbolicLink) view.Set(place, visibility, handle);
    }

    private static bool IsWritable(FileView view, string workspace, string directory) =>
        view.Find(directory.Length == 0 ? workspace : Path.Combine(workspace, directory)).Visibility == Visibility.Writable;

    private static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";
}
