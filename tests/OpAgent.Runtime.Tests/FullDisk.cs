using System.Runtime.InteropServices;

namespace OpAgent.Runtime.Tests;

/// <summary>Lets every write through an open file of this process fail as on a full disk, until disposed: /dev/full stands behind its descriptor.</summary>
internal sealed partial class FullDisk : IDisposable
{
    private readonly int _descriptor, _saved;

    private FullDisk(int descriptor)
    {
        _descriptor = descriptor;
        _saved = dup(descriptor);
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.Equal(descriptor, dup2((int)full.DangerousGetHandle(), descriptor));
    }

    public static FullDisk Under(string path) =>
        new(Directory.GetFiles("/proc/self/fd").Where(link => new FileInfo(link).LinkTarget == path).Select(link => int.Parse(Path.GetFileName(link))).Single());

    public void Dispose()
    {
        Assert.Equal(_descriptor, dup2(_saved, _descriptor));
        _ = close(_saved);
    }

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
