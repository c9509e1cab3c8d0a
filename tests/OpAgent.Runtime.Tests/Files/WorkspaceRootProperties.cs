using CsCheck;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Tests.Files;

public sealed class WorkspaceRootProperties
{
    private static readonly Gen<string> PathText = Gen.OneOf(
        Gen.OneOf("a", "b", "up", "out", "absolute", "top", "in", "loop", "magic", "file", "nowhere", "secret", ".", "..", "", "etc", "passwd", "\0", "é", "new").Array[0, 8].Select(parts => string.Join('/', parts)),
        Gen.String[0, 20]);

    [Fact]
    public void Resolve_AnyPathInATreeOfLinks_StaysBelowTheRoot()
    {
        using var temporary = new TemporaryDirectory();
        temporary.Write("outside/secret", "no");
        temporary.Write("root/a/b/note.md", "yes");
        foreach (var (link, target) in new[] { ("up", ".."), ("out", "../outside"), ("a/up", "../.."), ("absolute", temporary["outside"]), ("top", "/"), ("in", "a/b"), ("loop", "loop"), ("magic", "/proc/self/root"), ("file", "../outside/secret") })
            File.CreateSymbolicLink(temporary[$"root/{link}"], target);
        using var root = WorkspaceRoot.Open(temporary["root"]);

        PathText.Sample(path =>
        {
            Check(() => root.OpenBelow(path, LibC.O_PATH));
            Check(() => root.OpenParent(path).Directory);
            Check(() =>
            {
                root.CreateDirectories(path);
                return null;
            });
            Assert.Single(Directory.GetFileSystemEntries(temporary["outside"]));
        }, iter: 2_000, threads: 1);

        void Check(Func<Microsoft.Win32.SafeHandles.SafeFileHandle?> open)
        {
            try
            {
                using var handle = open();
                if (handle is not null) Assert.StartsWith(root.RealPath + "/", WorkspaceRoot.RealPathOf(handle) + "/");
            }
            catch (ProblemException)
            {
                // Refused, with a reason.
            }
        }
    }
}
