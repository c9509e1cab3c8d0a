using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Tests.Files;

public sealed class WorkspaceFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WorkspaceRoot _root;

    public WorkspaceFilesTests()
    {
        _directory.Write("inside/docs/a.md", "alpha");
        _directory.Write("outside/secret.txt", "secret");
        _root = WorkspaceRoot.Open(_directory["inside"]);
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("../outside/secret.txt", "path-outside-workspace")]
    [InlineData("docs/../../outside/secret.txt", "path-outside-workspace")]
    [InlineData("/etc/passwd", "path-outside-workspace")]
    [InlineData("docs/missing.md", "file-not-found")]
    [InlineData("docs", "file-not-regular")]
    [InlineData("docs/a.md/b", "not-a-directory")]
    [InlineData("a\0b", "path-invalid")]
    public void OpenRead_PathThatIsNotAFileOfTheWorkspace_IsRefused(string path, string problem) =>
        Assert.Equal(problem, Assert.Throws<ProblemException>(() => WorkspaceFiles.OpenRead(_root, path, out _)).Problem.Type);

    [Theory]
    [InlineData("../outside/secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("/proc/self/root")]
    public void OpenRead_SymbolicLinkThatLeadsOut_IsRefused(string target)
    {
        File.CreateSymbolicLink(_directory["inside/link"], target);

        Assert.Equal("path-outside-workspace", Assert.Throws<ProblemException>(() => WorkspaceFiles.OpenRead(_root, "link", out _)).Problem.Type);
    }

    [Fact]
    public void List_WithANameThatIsNotUtf8_ShowsThatSomethingIsThere()
    {
        InShell("touch \"$(printf 'bad\\377name.md')\"");

        var items = WorkspaceFiles.List(_root, "docs", "", 0).Items;

        Assert.Equal([("a.md", "file"), ("bad\uFFFDname.md", "other")], items.Select(item => (item.Name, item.Kind)));
        // .NET cannot delete what it cannot name.
        InShell("rm bad*");
    }

    [Fact]
    public void OpenRead_SymbolicLinkThatStaysInside_IsFollowed()
    {
        File.CreateSymbolicLink(_directory["inside/link"], "docs/a.md");

        using var file = WorkspaceFiles.OpenRead(_root, "link", out var status);

        Assert.Equal(5, status.Size);
    }

    [Fact]
    public void OpenRead_Pipe_IsRefusedWithoutWaitingForAWriter()
    {
        Assert.Equal(0, NativeMethods.mkfifo(_directory["inside/pipe"], 0x1A4));

        Assert.Equal("file-not-regular", Assert.Throws<ProblemException>(() => WorkspaceFiles.OpenRead(_root, "pipe", out _)).Problem.Type);
    }

    [Fact]
    public void Replace_ExistingFile_KeepsItsPermissionsAndLeavesNoTemporaryFile()
    {
        File.SetUnixFileMode(_directory["inside/docs/a.md"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Write("docs/a.md", "beta");

        Assert.Equal("beta", File.ReadAllText(_directory["inside/docs/a.md"]));
        Assert.True(File.GetUnixFileMode(_directory["inside/docs/a.md"]).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal(["a.md"], Directory.GetFileSystemEntries(_directory["inside/docs"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Replace_NotCommitted_ChangesNothing()
    {
        using (var replacement = new FileReplacement(_root, "docs/a.md", "", false)) replacement.Append("half"u8);

        Assert.Equal("alpha", File.ReadAllText(_directory["inside/docs/a.md"]));
        Assert.Single(Directory.GetFileSystemEntries(_directory["inside/docs"]));
    }

    [Fact]
    public void Replace_LinkInsideTheWorkspace_WritesThroughIt()
    {
        File.CreateSymbolicLink(_directory["inside/link"], "docs/a.md");

        Write("link", "beta");

        Assert.Equal("beta", File.ReadAllText(_directory["inside/docs/a.md"]));
        Assert.NotNull(new FileInfo(_directory["inside/link"]).LinkTarget);
    }

    [Fact]
    public void Replace_LinkThatLeadsOut_IsRefusedAndTheTargetIsUntouched()
    {
        File.CreateSymbolicLink(_directory["inside/link"], "../outside/secret.txt");

        Assert.Equal("path-outside-workspace", Assert.Throws<ProblemException>(() => Write("link", "mine")).Problem.Type);
        Assert.Equal("secret", File.ReadAllText(_directory["outside/secret.txt"]));
    }

    [Fact]
    public void Replace_WithTheETagOfAnOlderContent_IsRefused()
    {
        using var file = WorkspaceFiles.OpenRead(_root, "docs/a.md", out var status);
        Write("docs/a.md", "changed");

        Assert.Equal("file-changed", Assert.Throws<ProblemException>(() => Write("docs/a.md", "mine", status.ETag)).Problem.Type);
        Assert.Equal("changed", File.ReadAllText(_directory["inside/docs/a.md"]));
    }

    [Fact]
    public void Replace_MustBeNewButIsThere_IsRefused()
    {
        Assert.Equal("file-exists", Assert.Throws<ProblemException>(() => new FileReplacement(_root, "docs/a.md", "", mustBeNew: true)).Problem.Type);
    }

    [Fact]
    public void List_DirectoryLargerThanAPage_IsPagedWithDirectoriesFirst()
    {
        for (var i = 0; i < 25; i++) _directory.Write($"inside/many/f{i:00}.txt", "");
        Directory.CreateDirectory(_directory["inside/many/zz"]);

        var first = WorkspaceFiles.List(_root, "many", "", 10);
        var names = first.Items.Select(item => item.Name).ToList();
        for (var page = first; page.Next.Length > 0;)
        {
            page = WorkspaceFiles.List(_root, "many", page.Next, 10);
            names.AddRange(page.Items.Select(item => item.Name));
        }

        Assert.Equal(["zz", .. Enumerable.Range(0, 25).Select(i => $"f{i:00}.txt")], names);
        Assert.Equal("directory", first.Items[0].Kind);
    }

    [Fact]
    public void Delete_DirectoryWithALinkInIt_RemovesTheLinkNotItsTarget()
    {
        Directory.CreateSymbolicLink(_directory["inside/docs/out"], _directory["outside"]);

        Assert.Equal("directory-not-empty", Assert.Throws<ProblemException>(() => WorkspaceFiles.Delete(_root, "docs", "", recursive: false)).Problem.Type);
        WorkspaceFiles.Delete(_root, "docs", "", recursive: true);

        Assert.False(Directory.Exists(_directory["inside/docs"]));
        Assert.True(File.Exists(_directory["outside/secret.txt"]));
    }

    [Fact]
    public void Delete_VeryDeepDirectory_RemovesItAll()
    {
        var level = _root.OpenBelow("docs", LibC.O_RDONLY | LibC.O_DIRECTORY);
        for (var depth = 0; depth < 10_000; depth++)
        {
            Assert.Equal(0, LibC.mkdirat(level, "d", 0x1FF));
            var next = new SafeFileHandle(LibC.openat(level, "d", LibC.O_RDONLY | LibC.O_DIRECTORY, 0), ownsHandle: true);
            level.Dispose();
            level = next;
        }

        level.Dispose();
        _directory.Write("inside/docs/d/e/file", "");

        WorkspaceFiles.Delete(_root, "docs", "", recursive: true);

        Assert.Empty(Directory.GetFileSystemEntries(_directory["inside"]));
    }

    [Fact]
    public void Move_OntoSomething_IsRefused()
    {
        _directory.Write("inside/b.md", "b");

        Assert.Equal("file-exists", Assert.Throws<ProblemException>(() => WorkspaceFiles.Move(_root, "docs/a.md", "b.md")).Problem.Type);
        Assert.Equal("c.md", WorkspaceFiles.Move(_root, "docs/a.md", "c.md").Path);
    }

    [Fact]
    public void Move_LinkThatLeadsOut_MovesTheLink()
    {
        File.CreateSymbolicLink(_directory["inside/link"], "/etc");

        Assert.Equal("symlink", WorkspaceFiles.Move(_root, "link", "moved").Kind);
        Assert.Equal("/etc", new FileInfo(_directory["inside/moved"]).LinkTarget);
    }

    [Fact]
    public void CreateDirectory_ThroughALinkThatLeadsOut_IsRefused()
    {
        Directory.CreateSymbolicLink(_directory["inside/out"], "../outside");

        Assert.Equal("path-outside-workspace", Assert.Throws<ProblemException>(() => WorkspaceFiles.CreateDirectory(_root, "out/new")).Problem.Type);
        Assert.False(Directory.Exists(_directory["outside/new"]));
    }

    private void Write(string path, string content, string ifMatch = "")
    {
        using var replacement = new FileReplacement(_root, path, ifMatch, mustBeNew: false);
        replacement.Append(System.Text.Encoding.UTF8.GetBytes(content));
        replacement.Commit();
    }

    private static class NativeMethods
    {
        [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        internal static extern int mkfifo(string path, int mode);
    }

    private void InShell(string command)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _directory["inside/docs"] })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
