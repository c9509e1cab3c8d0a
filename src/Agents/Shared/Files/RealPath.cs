using System.Runtime.InteropServices;

namespace OpAgent.Agents.Text.Files;

/// <summary>The path that a path stands for once every symbolic link in it is followed.</summary>
public static unsafe partial class RealPath
{
    /// <summary>Null where nothing is there.</summary>
    public static string? Of(string path)
    {
        var resolved = Resolve(path, 0);
        if (resolved is null) return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved);
        }
        finally
        {
            NativeMemory.Free(resolved);
        }
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* Resolve(string path, nint buffer);
}
