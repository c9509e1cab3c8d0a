using System.Diagnostics;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A file system in memory, of a size of its own, that can be filled and emptied.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SmallDisk(int megabytes) => Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "opagent-test", _directory.Path);

    public string Path => _directory.Path;

    private string Ballast => _directory["ballast"];

    /// <summary>Fills it up.</summary>
    /// <param name="free">What is left, in bytes.</param>
    public void Fill(long free)
    {
        using var ballast = File.OpenHandle(Ballast, FileMode.OpenOrCreate, FileAccess.Write);
        var room = new DriveInfo(Path).AvailableFreeSpace - free;
        var block = new byte[64 * 1024];
        try
        {
            for (var offset = RandomAccess.GetLength(ballast); room > 0; room -= block.Length, offset += block.Length) RandomAccess.Write(ballast, block.AsSpan(0, (int)Math.Min(block.Length, room)), offset);
        }
        catch (IOException)
        {
            // Somebody else was faster, and it is full.
        }
    }

    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", _directory.Path);
        _directory.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        // Mounting is for root; who runs the tests as somebody else may use sudo.
        var start = Environment.IsPrivilegedProcess ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo("sudo", ["-n", program, .. arguments]);
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"This test needs a file system of its own, and 'mount' did not make one: {error} Run it as root, or as a user who may use sudo without a password.");
    }
}
