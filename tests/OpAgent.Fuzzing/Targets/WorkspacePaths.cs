using System.Text;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Fuzzing.Targets;

/// <summary>
/// Paths below a workspace's root, in a real tree with symbolic links that lead out of it in every way, one of which takes turns with a
/// directory of the same name all the time.
/// </summary>
internal sealed class WorkspacePaths : IFuzzTarget, IDisposable
{
    private const string Secret = "what nobody may read";

    private readonly string _tree = Directory.CreateTempSubdirectory("opagent-paths-").FullName;
    private readonly WorkspaceRoot _root;
    private readonly string _real;
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _swapping;
    private int _made;

    public WorkspacePaths()
    {
        Directory.CreateDirectory(Path.Combine(_tree, "outside/below"));
        File.WriteAllText(Path.Combine(_tree, "outside/secret"), Secret);
        Directory.CreateDirectory(Path.Combine(_tree, "root/a/b/c"));
        Directory.CreateDirectory(Path.Combine(_tree, "root/swap/below"));
        File.WriteAllText(Path.Combine(_tree, "root/a/file.md"), "mine");
        File.WriteAllText(Path.Combine(_tree, "root/a/ünï"), "mine");
        foreach (var (link, target) in new[]
        {
            ("up", ".."), ("out", "../outside"), ("a/out", "../../outside"), ("a/b/root", "../.."), ("absolute", $"{_tree}/outside"), ("top", "/"), ("in", "a/b"), ("loop", "loop"), ("magic", "/proc/self/root"),
            ("self", "/proc/self/cwd"), ("file", "../outside/secret"), ("dangling", "nowhere"), ("made-outside", "../outside/new"), ("swap-link", "../outside"),
        }) File.CreateSymbolicLink(Path.Combine(_tree, "root", link), target);
        _root = WorkspaceRoot.Open(Path.Combine(_tree, "root"));
        _real = _root.RealPath;
        _swapping = new Thread(Swap) { IsBackground = true };
        _swapping.Start();
    }

    public string Name => "workspace-paths";

    public IEnumerable<byte[]> Seeds =>
        new[] { "", "a/file.md", "a/b/c", "in/c", "up/outside/secret", "out/secret", "a/out/secret", "a/b/root/a/file.md", "absolute/secret", "top/etc/passwd", "loop", "magic/etc/passwd", "file", "dangling/x", "made-outside", "swap/secret", "swap/below", "new/dir", "a/../../x", "./a//b/.", "/etc/passwd", "a/\0b" }
            .Select(Encoding.UTF8.GetBytes);

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[] { "/", "//", ".", "..", "../", "/..", "/.", "a", "b", "c", "root", "up", "out", "absolute", "top", "in", "loop", "magic", "self", "file", "dangling", "made-outside", "swap", "below", "outside", "secret", "file.md", "etc/passwd", "proc/self/fd/3", "\0", "\\", "%2e%2e", "～", "．．", "\u2215", new string('x', 300), string.Concat(Enumerable.Repeat("a/b/root/", 500)) }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public int Run(byte[] input)
    {
        var path = Encoding.UTF8.GetString(input);
        var results = new HashCode();
        results.Add(Look(() => CheckOpened(_root.OpenBelow(path, LibC.O_PATH))));
        results.Add(Look(() => CheckOpened(_root.OpenParent(path).Directory)));
        results.Add(Look(() => CheckContent(path)));
        results.Add(Look(() => Make(path)));
        return results.ToHashCode();
    }

    public void Dispose()
    {
        _end.Cancel();
        _swapping.Join();
        _root.Dispose();
        Directory.Delete(_tree, recursive: true);
    }

    private static string Look(Action look)
    {
        try
        {
            look();
            return "done";
        }
        catch (ProblemException refused)
        {
            return refused.Problem.Type;
        }
    }

    private void CheckOpened(Microsoft.Win32.SafeHandles.SafeFileHandle handle)
    {
        using (handle)
        {
            var real = WorkspaceRoot.RealPathOf(handle);
            InvariantException.Require(real == _real || real.StartsWith(_real + "/", StringComparison.Ordinal), $"The resolver led to {real}.");
        }
    }

    private void CheckContent(string path)
    {
        using var handle = WorkspaceFiles.OpenRead(_root, path, out _);
        var content = new byte[Secret.Length];
        var count = RandomAccess.Read(handle, content, 0);
        InvariantException.Require(Encoding.UTF8.GetString(content, 0, count) is "mine", "A file outside was read.");
    }

    private void Make(string path)
    {
        // What is made deep in the tree is thrown away from time to time.
        if (path.Length > 200) return;
        try
        {
            if (_root.CreateDirectories(path)) _made++;
        }
        finally
        {
            InvariantException.Require(Directory.EnumerateFileSystemEntries(Path.Combine(_tree, "outside"), "*", SearchOption.AllDirectories).Count() == 2, "A directory was made outside.");
            if (_made > 500) Clear();
        }
    }

    private void Clear()
    {
        _made = 0;
        foreach (var directory in Directory.GetDirectories(_real).Select(directory => new DirectoryInfo(directory)))
        {
            if (directory.LinkTarget is null && directory.Name is not ("a" or "swap" or "parked" or "swap-link")) directory.Delete(recursive: true);
        }
    }

    private void Swap()
    {
        var (swap, link, parked) = (Path.Combine(_real, "swap"), Path.Combine(_real, "swap-link"), Path.Combine(_real, "parked"));
        for (var i = 0; !_end.IsCancellationRequested; i++)
        {
            Rename(swap, parked);
            Rename(link, swap);
            Rename(swap, link);
            Rename(parked, swap);
            if (i % 64 == 0) _end.Token.WaitHandle.WaitOne(1);
        }
    }

    private static void Rename(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
        }
        catch (IOException)
        {
            // A path that is tried may have made a directory in this place; the next round finds another state.
        }
    }
}
