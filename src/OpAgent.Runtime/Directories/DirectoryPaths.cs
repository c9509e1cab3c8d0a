using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Directories;

/// <summary>Which directories of the machine can be opened, and their one true name.</summary>
internal static class DirectoryPaths
{
    private static readonly string[] SystemTrees = ["/proc", "/sys", "/dev"];

    /// <summary>The absolute path without symbolic links.</summary>
    /// <exception cref="ProblemException">It is not an absolute path of a directory that can be entered.</exception>
    public static string Canonicalize(string path)
    {
        RequireAbsolute(path);
        using var root = WorkspaceRoot.Open(path);
        return root.RealPath;
    }

    /// <exception cref="ProblemException">The directory belongs to the kernel or to OpAgent itself.</exception>
    public static void RequireUsable(string canonical, RuntimeHome home)
    {
        if (canonical == "/" || SystemTrees.Any(tree => IsAtOrBelow(canonical, tree)))
            throw KnownProblems.DirectoryNotAllowed.With($"'{canonical}' is a directory of the operating system. Open a directory with work of your own.");
        foreach (var own in home.Own.Where(Directory.Exists).Select(Canonicalize))
        {
            // Above it, everything in it could be read by way of the workspace.
            if (IsAtOrBelow(canonical, own) || IsAtOrBelow(own, canonical))
                throw KnownProblems.DirectoryNotAllowed.With($"'{canonical}' holds OpAgent's own data, with its keys and accounts. Open a directory outside of '{own}' that does not contain it.");
        }
    }

    /// <summary>Makes a directory and those above it that are missing.</summary>
    /// <returns>Its canonical path, and whether it was not there before.</returns>
    /// <exception cref="ProblemException">It cannot be made, or could not be a workspace.</exception>
    public static (string Path, bool Made) Make(string path, RuntimeHome home)
    {
        RequireAbsolute(path);
        var wanted = Path.GetFullPath(path);
        // Looked at before anything is made: what stands there may lead elsewhere.
        var standing = wanted;
        while (!Path.Exists(standing)) standing = Path.GetDirectoryName(standing)!;
        RequireUsable(Path.GetFullPath(Path.GetRelativePath(standing, wanted), Canonicalize(standing)), home);
        try
        {
            Directory.CreateDirectory(wanted);
            return (Canonicalize(wanted), standing != wanted);
        }
        catch (UnauthorizedAccessException)
        {
            throw KnownProblems.AccessDenied.With($"The user who runs OpAgent may not make '{wanted}'.");
        }
        catch (IOException exception)
        {
            throw KnownProblems.StorageFailed.With($"'{wanted}' was not made: {exception.Message}");
        }
    }

    public static bool IsAtOrBelow(string path, string ancestor) =>
        path == ancestor || path.StartsWith(ancestor.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static void RequireAbsolute(string path)
    {
        if (path.Contains('\0')) throw KnownProblems.PathInvalid.With("The path contains a NUL character, which no file name can.");
        if (!path.StartsWith('/')) throw KnownProblems.PathInvalid.With($"'{path}' is not an absolute path. Name the directory from the root, for example /home/you/{(path.Length == 0 ? "work" : path)}.");
    }
}
