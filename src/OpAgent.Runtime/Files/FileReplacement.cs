using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Posix;
using FileInfo = OpAgent.Protocol.FileInfo;

namespace OpAgent.Runtime.Files;

/// <summary>
/// Writes a file of a workspace in one step: into a temporary file beside it, flushed, then renamed over it. Disposed without <see cref="Commit"/>, nothing has changed.
/// </summary>
internal sealed class FileReplacement : IDisposable
{
    private readonly string _path;
    private readonly string _ifMatch;
    private readonly bool _mustBeNew;
    private readonly Disk _disk;
    private readonly SafeFileHandle _directory;
    private readonly string _name;
    private readonly string _temporary;
    private readonly SafeFileHandle _file;
    private long _length;
    private bool _committed;

    /// <param name="root">Not owned.</param>
    /// <param name="path">A symbolic link is written through, as long as it stays in the workspace.</param>
    /// <param name="ifMatch">The ETag the file must have, <c>*</c> for any that exists, or empty.</param>
    /// <param name="mustBeNew">The file must not exist.</param>
    public FileReplacement(WorkspaceRoot root, string path, string ifMatch, bool mustBeNew)
    {
        _disk = root.Disk;
        _path = FollowLink(root, WorkspaceRoot.Normalize(path));
        _ifMatch = ifMatch;
        _mustBeNew = mustBeNew;
        var slash = _path.LastIndexOf('/');
        if (slash > 0)
        {
            using var parent = root.TryOpenBelow(_path[..slash], LibC.O_PATH | LibC.O_DIRECTORY, 0, out _);
            if (parent is null) root.CreateDirectories(_path[..slash]);
        }

        (_directory, _name) = root.OpenParent(_path);
        try
        {
            var permissions = Check()?.Permissions;
            _temporary = $".{Guid.NewGuid():N}.tmp";
            _file = _disk.OpenAt(_directory, _temporary, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL, 0x1B6);
            if (permissions is { } mode) _ = LibC.fchmod(_file, mode);
        }
        catch (PosixException error)
        {
            _directory.Dispose();
            throw WorkspaceRoot.Explain(error.Errno, path);
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _disk.Write(_file, bytes, _length);
            _length += bytes.Length;
        }
        catch (IOException error)
        {
            throw KnownProblems.StorageFailed.With($"'{_path}' was not written, it is as it was: {error.Message}");
        }
    }

    public FileInfo Commit()
    {
        try
        {
            _disk.Sync(_file);
            Check();
            _disk.RenameAt(_directory, _temporary, _name, _mustBeNew ? LibC.RENAME_NOREPLACE : 0);
        }
        catch (PosixException error)
        {
            throw WorkspaceRoot.Explain(error.Errno, _path);
        }

        _committed = true;
        return FileStatus.Of(_file).ToInfo(_path);
    }

    public void Dispose()
    {
        if (!_committed) _ = LibC.unlinkat(_directory, _temporary, 0);
        _file.Dispose();
        _directory.Dispose();
    }

    private static string FollowLink(WorkspaceRoot root, string path)
    {
        using var handle = root.TryOpenBelow(path, LibC.O_PATH, 0, out var error);
        if (handle is null) return error == LibC.ENOENT ? path : throw WorkspaceRoot.Explain(error, path);
        var real = WorkspaceRoot.RealPathOf(handle);
        return real.StartsWith(root.Path + "/", StringComparison.Ordinal) ? real[(root.Path.Length + 1)..] : path;
    }

    private FileStatus? Check()
    {
        var status = FileStatus.Of(_directory, _name);
        if (status is { IsRegular: false }) throw KnownProblems.FileNotRegular.With($"'{_path}' is a directory, pipe, device or broken link, and is not replaced.");
        if (status is not null && _mustBeNew) throw WorkspaceRoot.Explain(LibC.EEXIST, _path);
        if (_ifMatch.Length > 0 && (status is null || (_ifMatch != "*" && _ifMatch != status.Value.ETag))) throw WorkspaceFiles.Changed(_path);
        return status;
    }
}
