using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// The exclusive lock beside a conversation's file: whoever holds it is the file's single writer. The kernel lets go of it when its holder dies.
/// </summary>
internal sealed partial class ConversationLock : IDisposable
{
    private readonly SafeFileHandle _directory;
    private readonly string _name;
    private readonly SafeFileHandle _file;

    private ConversationLock(SafeFileHandle directory, string name, SafeFileHandle file) => (_directory, _name, _file) = (directory, name, file);

    /// <exception cref="ProblemException">Another runtime holds it, or the directory cannot be written.</exception>
    public static ConversationLock Acquire(WorkspaceRoot root, string conversationFile, Guid id)
    {
        var (directory, _) = root.OpenParent(conversationFile);
        var name = $".{id}.lock";
        while (true)
        {
            var fd = LibC.openat(directory, name, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC | LibC.O_NOFOLLOW, 0x1A4);
            if (fd < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                directory.Dispose();
                throw WorkspaceRoot.Explain(error, conversationFile);
            }

            var file = new SafeFileHandle(fd, ownsHandle: true);
            if (LibC.flock(file, LibC.LOCK_EX | LibC.LOCK_NB) != 0)
            {
                file.Dispose();
                directory.Dispose();
                throw KnownProblems.ConversationBusy.With($"Another OpAgent runtime works on '{conversationFile}'. Use the OpAgent that holds it, or end that conversation's session there.");
            }

            // The holder before us removes the file when it lets go: what we locked may no longer be what the name says.
            if (FileStatus.Of(file).Inode == FileStatus.Of(directory, name)?.Inode) return new ConversationLock(directory, name, file);
            file.Dispose();
        }
    }

    public void Dispose()
    {
        if (_file.IsClosed) return;
        _ = LibC.unlinkat(_directory, _name, 0);
        _file.Dispose();
        _directory.Dispose();
    }
}
