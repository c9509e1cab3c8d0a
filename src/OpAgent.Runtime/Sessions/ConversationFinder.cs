using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

/// <summary>A conversation's file as it was found in a workspace: its header, or why it cannot be read.</summary>
/// <param name="File">Relative to the workspace.</param>
internal sealed record FoundConversation(string Workspace, string File, FileStatus Status, ConversationHeader? Header, string? Error);

/// <summary>Finds the conversation files of a workspace, wherever they were moved. Headers are remembered until their file changes.</summary>
internal sealed class ConversationFinder
{
    private const int HeaderBytes = 16 * 1024;

    private readonly ConcurrentDictionary<(string Workspace, string File), FoundConversation> _known = new();

    public IEnumerable<FoundConversation> Find(WorkspaceRoot root)
    {
        foreach (var directory in Directories(root))
        {
            foreach (var found in FindIn(root, directory)) yield return found;
        }
    }

    /// <summary>The file that holds the conversation with this id, if it is in the workspace.</summary>
    public FoundConversation? Find(WorkspaceRoot root, Guid id) => Find(root).FirstOrDefault(found => found.Header?.Id == id);

    /// <summary>Looks at one file.</summary>
    public FoundConversation? Look(WorkspaceRoot root, string file)
    {
        using var handle = root.TryOpenBelow(file, LibC.O_RDONLY | LibC.O_NONBLOCK, 0, out _);
        if (handle is null) return null;
        var status = FileStatus.Of(handle);
        if (!status.IsRegular) return null;
        var key = (root.Path, file);
        if (_known.TryGetValue(key, out var known) && known.Status == status) return known;
        var buffer = new byte[HeaderBytes];
        var length = RandomAccess.Read(handle, buffer, 0);
        var result = ConversationMarkdown.ReadHeader(Encoding.UTF8.GetString(buffer.AsSpan(0, length)));
        return _known[key] = new FoundConversation(root.Path, file, status, result.Header, result.Error?.ToString());
    }

    private IEnumerable<FoundConversation> FindIn(WorkspaceRoot root, string directory)
    {
        using var handle = root.TryOpenBelow(directory, LibC.O_RDONLY | LibC.O_DIRECTORY, 0, out _);
        if (handle is null) yield break;
        var names = Directory.EnumerateFiles($"/proc/self/fd/{handle.DangerousGetHandle()}/", "*.md", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true });
        foreach (var name in names.Select(Path.GetFileName).Order(StringComparer.Ordinal))
        {
            if (Look(root, $"{directory}/{name}") is { } found) yield return found;
        }
    }

    /// <summary>All <c>.opagent/conversations</c> directories. Hidden directories and symbolic links are not entered.</summary>
    private static IEnumerable<string> Directories(WorkspaceRoot root)
    {
        yield return ConversationFile.DirectoryName;
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true, RecurseSubdirectories = true, MaxRecursionDepth = 64 };
        var bound = new FileSystemEnumerable<string>(root.Path, static (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => entry.IsDirectory && entry.FileName.SequenceEqual(".opagent"),
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => !entry.FileName.StartsWith(".") && !entry.FileName.SequenceEqual("node_modules"),
        };
        foreach (var directory in bound)
        {
            var relative = Path.GetRelativePath(root.Path, directory);
            if (relative != ".opagent") yield return $"{relative}/conversations";
        }
    }
}
