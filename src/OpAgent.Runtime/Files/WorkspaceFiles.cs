using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Posix;
using FileInfo = OpAgent.Protocol.FileInfo;

namespace OpAgent.Runtime.Files;

/// <summary>Lists, reads, moves and deletes what lies in a workspace. Writing is <see cref="FileReplacement"/>'s.</summary>
internal static class WorkspaceFiles
{
    private const int DefaultPage = 1000, MaxPage = 10_000;

    public static ListFilesReply List(WorkspaceRoot root, string path, string after, int limit)
    {
        path = WorkspaceRoot.Normalize(path);
        using var directory = root.OpenBelow(path, LibC.O_RDONLY | LibC.O_DIRECTORY);
        // The descriptor names the directory that was checked, whatever happens to its path meanwhile.
        var entries = new FileSystemEnumerable<string>($"/proc/self/fd/{directory.DangerousGetHandle()}/",
            static (ref FileSystemEntry entry) => (entry.IsDirectory ? "0" : "1") + entry.FileName.ToString(),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true, ReturnSpecialDirectories = false });
        var keys = entries.Where(key => string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal).ToList();
        var count = Math.Clamp(limit == 0 ? DefaultPage : limit, 1, MaxPage);
        var reply = new ListFilesReply { Next = keys.Count > count ? keys[count - 1] : "" };
        foreach (var key in keys.Take(count))
        {
            var name = key[1..];
            var below = path.Length == 0 ? name : $"{path}/{name}";
            if (FileStatus.Of(directory, name) is { } status) reply.Items.Add(status.ToInfo(below));
            // A name that is not UTF-8 cannot be asked for, but it is there and is to be seen.
            else if (name.Contains('\uFFFD')) reply.Items.Add(new FileInfo { Name = name, Path = below, Kind = "other" });
        }

        return reply;
    }

    public static FileInfo Stat(WorkspaceRoot root, string path)
    {
        path = WorkspaceRoot.Normalize(path);
        using var handle = root.OpenBelow(path, LibC.O_PATH);
        return FileStatus.Of(handle).ToInfo(path);
    }

    /// <summary>Opens a regular file for reading; pipes, devices and directories are refused without blocking on them.</summary>
    public static SafeFileHandle OpenRead(WorkspaceRoot root, string path, out FileStatus status)
    {
        var handle = root.OpenBelow(path, LibC.O_RDONLY | LibC.O_NONBLOCK);
        status = FileStatus.Of(handle);
        if (status.IsRegular) return handle;
        handle.Dispose();
        throw KnownProblems.FileNotRegular.With($"'{path}' is {(status.IsDirectory ? "a directory" : "a pipe, socket or device")}, not a file with content.");
    }

    public static FileInfo CreateDirectory(WorkspaceRoot root, string path)
    {
        path = WorkspaceRoot.Normalize(path);
        return root.CreateDirectories(path) ? Stat(root, path) : throw WorkspaceRoot.Explain(LibC.EEXIST, path);
    }

    public static FileInfo Move(WorkspaceRoot root, string from, string to)
    {
        var (fromDirectory, fromName) = root.OpenParent(from);
        using (fromDirectory)
        {
            var (toDirectory, toName) = root.OpenParent(to);
            using (toDirectory)
            {
                if (LibC.renameat2(fromDirectory, fromName, toDirectory, toName, LibC.RENAME_NOREPLACE) != 0)
                {
                    var error = Marshal.GetLastPInvokeError();
                    throw WorkspaceRoot.Explain(error, error == LibC.EEXIST ? to : from);
                }

                // The entry itself: a link that was moved may lead anywhere.
                return (FileStatus.Of(toDirectory, toName) ?? throw WorkspaceRoot.Explain(LibC.ENOENT, to)).ToInfo(WorkspaceRoot.Normalize(to));
            }
        }
    }

    public static void Delete(WorkspaceRoot root, string path, string ifMatch, bool recursive)
    {
        var (directory, name) = root.OpenParent(path);
        using (directory)
        {
            var status = FileStatus.Of(directory, name) ?? throw WorkspaceRoot.Explain(LibC.ENOENT, path);
            if (ifMatch.Length > 0 && ifMatch != "*" && ifMatch != status.ETag) throw Changed(path);
            if (status.IsDirectory && recursive) DirectoryContent.Delete(directory, name);
            if (LibC.unlinkat(directory, name, status.IsDirectory ? LibC.AT_REMOVEDIR : 0) != 0) throw WorkspaceRoot.Explain(Marshal.GetLastPInvokeError(), path);
        }
    }

    public static ProblemException Changed(string path) =>
        KnownProblems.FileChanged.With($"'{path}' is not what it was when you read it. Read it again and decide what to keep.");
}
