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
    // Whole trees in which an agent has nothing to look for; single places in them are shown again.
    private static readonly string[] Homes = ["/home", "/root"];

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
        if (request.Level != SandboxLevel.None) HidePrivateTrees(view, request);
        foreach (var secret in secrets) view.Set(secret, Visibility.Hidden);
        if (request.Level != SandboxLevel.None) ShowTools(view, request.Path, secrets);

        Hold(view, request.Root, "", request.Level == SandboxLevel.None ? Visibility.Writable : Visibility.ReadOnly, held);
        if (request.Level != SandboxLevel.ReadOnly) Hold(view, request.Root, directory, Visibility.Writable, held);
        foreach (var place in new[] { "", directory }.Distinct().Where(place => IsWritable(view, workspace, place))) Protect(view, request.Root, place, held);

        var package = HiddenPlaces.RealPath(request.AgentRoot);
        if (package is not null && DirectoryPaths.IsAtOrBelow(package, workspace)) Hold(view, request.Root, Path.GetRelativePath(workspace, package), Visibility.ReadOnly, held);
        else if (package is not null) view.Set(package, Visibility.ReadOnly);
        view.Set(request.AgentHome, Visibility.Writable);
        if (!request.Network) view.Set(home.EndpointSocket, Visibility.ReadOnly).Set(AppContext.BaseDirectory.TrimEnd('/'), Visibility.ReadOnly);
        return view;
    }

    /// <summary>Relative to the workspace, without the symbolic links below it.</summary>
    private static string RealDirectory(WorkspaceRoot root, string directory)
    {
        if (directory.Length == 0) return "";
        using var handle = root.OpenBelow(directory, LibC.O_PATH | LibC.O_DIRECTORY);
        return Path.GetRelativePath(root.RealPath, WorkspaceRoot.RealPathOf(handle)) is not "." and var relative ? relative : "";
    }

    private static void HidePrivateTrees(FileView view, SandboxRequest request)
    {
        foreach (var tree in Homes.Append(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)).Append("/run").Select(HiddenPlaces.RealPath).OfType<string>())
            view.Set(tree, Visibility.Hidden);
        foreach (var tree in new[] { "/tmp", "/var/tmp" }.Where(Directory.Exists))
        {
            view.Set(tree, Visibility.Writable, AgentHome.TemporaryIn(request.AgentHome));
            // A workspace that stands there keeps its surroundings, as anywhere else outside of the home directories.
            if (DirectoryPaths.IsAtOrBelow(request.Root.Path, tree) && request.Root.Path[tree.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, ..])
                view.Set(Path.Combine(tree, first), Visibility.ReadOnly);
        }

        // Where the names of machines are looked up is often told by a link into /run.
        if (HiddenPlaces.RealPath("/etc/resolv.conf") is { } resolver && resolver.StartsWith("/run/", StringComparison.Ordinal)) view.Set(Path.GetDirectoryName(resolver)!, Visibility.ReadOnly);
    }

    /// <summary>Shows programs again that the person has installed in the home directory and that PATH or a manifest names.</summary>
    private static void ShowTools(FileView view, string path, List<string> secrets)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var directory in path.Split(':', StringSplitOptions.RemoveEmptyEntries).Append(DotnetRoot.Path).Where(Directory.Exists))
        {
            // A program needs what is installed beside it; of a home directory only the programs themselves are shown.
            var isBin = Path.GetFileName(directory) is "bin" or "sbin" or "shims";
            var prefix = isBin && Path.GetDirectoryName(directory) is { } parent && parent != user && parent != Path.Combine(user, ".local") ? parent : directory;
            if (view.Find(prefix).Visibility == Visibility.Hidden && !secrets.Exists(secret => DirectoryPaths.IsAtOrBelow(prefix, secret))) view.Set(prefix, Visibility.ReadOnly);
        }
    }

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
