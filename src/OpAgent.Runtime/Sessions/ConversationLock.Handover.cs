using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Sessions;

/// <summary>A lock as one program hands it over to the next. It hangs on the open file, so it is never let go of in between.</summary>
internal sealed record LockHandover(int Directory, string Name, int File);

internal sealed partial class ConversationLock
{
    public LockHandover HandOver() => new((int)_directory.DangerousGetHandle(), _name, (int)_file.DangerousGetHandle());

    public static ConversationLock Adopt(LockHandover held) =>
        new(new SafeFileHandle(held.Directory, ownsHandle: true), held.Name, new SafeFileHandle(held.File, ownsHandle: true));
}
