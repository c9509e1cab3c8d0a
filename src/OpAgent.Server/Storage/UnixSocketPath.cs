using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpAgent.Server.Storage;

/// <summary>
/// A unix socket's path in a form that can be bound and connected to. The address holds 107 bytes; a longer path is reached through the open
/// directory that holds the socket. Keep it undisposed for as long as the name is used: a listener removes its socket by this name.
/// </summary>
public sealed partial class UnixSocketPath : IDisposable
{
    private const int LongestAddress = 107;
    private const int PathOnlyDirectory = 0x0020_0000 | 0x0001_0000 | 0x0008_0000; // O_PATH | O_DIRECTORY | O_CLOEXEC

    private readonly SafeFileHandle? _directory;

    private UnixSocketPath(string address, SafeFileHandle? directory) => (Address, _directory) = (address, directory);

    /// <summary>The path to give to the socket.</summary>
    public string Address { get; }

    /// <exception cref="IOException">The socket's directory cannot be opened.</exception>
    public static UnixSocketPath For(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) <= LongestAddress) return new(path, null);
        var parent = Path.GetDirectoryName(path)!;
        var directory = Open(parent, PathOnlyDirectory);
        if (directory.IsInvalid)
            throw new DirectoryNotFoundException($"{parent}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        return new($"/proc/self/fd/{directory.DangerousGetHandle()}/{Path.GetFileName(path)}", directory);
    }

    public void Dispose() => _directory?.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
