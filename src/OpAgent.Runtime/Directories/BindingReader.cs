using System.Text;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Directories;

/// <summary>Reads what holds for a directory: the machine's policy, then the bindings from the workspace's root down to it.</summary>
internal sealed class BindingReader(RuntimeHome home)
{
    private const int MaxBytes = 256 * 1024;

    /// <param name="directory">Relative to the root, normalized.</param>
    /// <exception cref="ProblemException">A binding, or the policy, is broken: a broken file never widens anything, so nothing is resolved.</exception>
    public ResolvedBinding Resolve(WorkspaceRoot root, string directory)
    {
        var policy = ReadPolicy();
        var files = new List<BindingFile>();
        foreach (var level in Levels(directory))
        {
            if (Read(root, BindingFile.PathIn(level)) is { } text) files.Add(Parse(text, level));
        }

        return BindingResolver.Resolve(files, policy);
    }

    private static IEnumerable<string> Levels(string directory)
    {
        yield return "";
        for (var slash = directory.IndexOf('/'); slash > 0; slash = directory.IndexOf('/', slash + 1)) yield return directory[..slash];
        if (directory.Length > 0) yield return directory;
    }

    private static BindingFile Parse(string text, string directory)
    {
        var result = BindingFile.Parse(directory, text);
        return result.Binding ?? throw KnownProblems.BindingInvalid.With($"{string.Join("; ", result.Errors)}. Until it is repaired, nothing runs below this directory.");
    }

    /// <summary>What the machine's owner allows at most; null where nothing is said.</summary>
    private BindingFile? ReadPolicy()
    {
        // A link that leads nowhere is no file that is not there: somebody wanted a policy.
        if (!Path.Exists(home.Policy) && new FileInfo(home.Policy).LinkTarget is null) return null;
        string text;
        try
        {
            text = File.ReadAllText(home.Policy);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KnownProblems.PolicyInvalid.With($"{home.Policy} cannot be read: {error.Message} Until it is repaired, nothing runs on this machine.");
        }

        var result = BindingFile.ParsePolicy(home.Policy, text);
        return result.Binding ?? throw KnownProblems.PolicyInvalid.With($"{string.Join("; ", result.Errors)}. Until it is repaired, nothing runs on this machine.");
    }

    /// <summary>The text of a binding file; null where there is none.</summary>
    public string? Read(WorkspaceRoot root, string path)
    {
        using var handle = root.TryOpenBelow(path, LibC.O_RDONLY | LibC.O_NONBLOCK, 0, out var error);
        if (handle is null) return error is LibC.ENOENT or LibC.ENOTDIR ? null : throw WorkspaceRoot.Explain(error, path);
        var status = FileStatus.Of(handle);
        if (!status.IsRegular) throw KnownProblems.BindingInvalid.With($"{path} is not a regular file. Until it is repaired, nothing runs below this directory.");
        if (status.Size > MaxBytes) throw KnownProblems.BindingInvalid.With($"{path} is larger than {MaxBytes / 1024} KiB. Until it is repaired, nothing runs below this directory.");
        var buffer = new byte[MaxBytes];
        return Encoding.UTF8.GetString(buffer.AsSpan(0, RandomAccess.Read(handle, buffer, 0)));
    }
}
