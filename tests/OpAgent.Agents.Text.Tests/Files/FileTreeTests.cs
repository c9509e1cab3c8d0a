using OpAgent.Agents.Text.Files;

namespace OpAgent.Agents.Text.Tests.Files;

public sealed class FileTreeTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Files_OrdinaryTree_InTheOrderOfNames()
    {
        _tree.Write("b.md");
        _tree.Write("a/z.md");
        _tree.Write("a/b/c.txt");
        _tree.Write("c.md");
        Assert.Equal(["b.md", "c.md", "a/z.md", "a/b/c.txt"], Walk(out _));
    }

    [Fact]
    public void Files_HiddenNames_AreLeftOut()
    {
        _tree.Write(".hidden.md");
        _tree.Write(".opagent/conversations/x.md");
        _tree.Write("docs/.draft/x.md");
        _tree.Write("seen.md");
        Assert.Equal(["seen.md"], Walk(out _));
    }

    [Fact]
    public void Files_SymbolicLinks_AreNotFollowed()
    {
        using var outside = new TemporaryTree();
        outside.Write("secret.md");
        _tree.Write("docs/real.md");
        File.CreateSymbolicLink(_tree.FullPath("file.md"), outside.FullPath("secret.md"));
        Directory.CreateSymbolicLink(_tree.FullPath("directory"), outside.Root);
        Directory.CreateSymbolicLink(_tree.FullPath("docs/loop"), _tree.Root);
        Assert.Equal(["docs/real.md"], Walk(out _));
    }

    [Fact]
    public void Files_Fifo_IsLeftOut()
    {
        Tool.Run(_tree.Root, "mkfifo", "pipe.md");
        _tree.Write("seen.md");
        Assert.Equal(["seen.md"], Walk(out var tally));
        Assert.Equal(0, tally.Unreadable);
    }

    [Fact]
    public void Files_NameThatIsNoUtf8_IsCounted()
    {
        Tool.Run(_tree.Root, "sh", "-c", """touch "$(printf 'caf\351.md')" """);
        _tree.Write("seen.md");
        Assert.Equal(["seen.md"], Walk(out var tally));
        Assert.Equal(1, tally.Unreadable);
        // .NET can no more delete such a file than open it.
        Tool.Run(_tree.Root, "sh", "-c", "rm caf*");
    }

    [Fact]
    public void Files_Cancelled_Throws()
    {
        _tree.Write("seen.md");
        Assert.Throws<OperationCanceledException>(() => new FileTree(_tree.Root).Files(new WalkTally(), new CancellationToken(canceled: true)).ToList());
    }

    [Theory]
    [InlineData("docs/a.md", "docs/a.md")]
    [InlineData("./docs/../docs/a.md", "docs/a.md")]
    [InlineData("docs/", "docs")]
    [InlineData(".", "")]
    [InlineData("missing.md", "missing.md")]
    [InlineData("../a.md", null)]
    [InlineData("/etc/passwd", null)]
    [InlineData("a\0b", null)]
    [InlineData("out", null)]
    [InlineData("out/secret.md", null)]
    [InlineData("in/a.md", "in/a.md")]
    public void Locate_Path_StaysInside(string named, string? expected)
    {
        using var outside = new TemporaryTree();
        outside.Write("secret.md");
        _tree.Write("docs/a.md");
        Directory.CreateSymbolicLink(_tree.FullPath("out"), outside.Root);
        Directory.CreateSymbolicLink(_tree.FullPath("in"), _tree.FullPath("docs"));
        Assert.Equal(expected, new FileTree(_tree.Root).Locate(named));
    }

    [Fact]
    public void Locate_FullPathInside_IsRelative() => Assert.Equal("a/b.md", new FileTree(_tree.Root).Locate(_tree.FullPath("a/b.md")));

    [Fact]
    public void Locate_RootBehindALink_FindsFiles()
    {
        _tree.Write("real/a.md");
        Directory.CreateSymbolicLink(_tree.FullPath("link"), _tree.FullPath("real"));
        Assert.Equal("a.md", new FileTree(_tree.FullPath("link")).Locate("a.md"));
    }

    private List<string> Walk(out WalkTally tally)
    {
        tally = new WalkTally();
        return [.. new FileTree(_tree.Root).Files(tally, TestContext.Current.CancellationToken).Select(file => file.Path)];
    }
}
