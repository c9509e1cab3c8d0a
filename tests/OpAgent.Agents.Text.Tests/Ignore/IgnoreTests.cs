using CsCheck;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Ignore;
using OpAgent.Agents.Text.Tests.Files;

namespace OpAgent.Agents.Text.Tests.Ignore;

public sealed class IgnoreTests
{
    private static readonly string[] Paths =
    [
        "a", "b.log", "debug.log", "a b", "x#", "build/out.o", "build/sub/out.o", "docs/a.md", "docs/build/x", "docs/guide/a.md", "docs/guide/deep/b.md", "foo/bar/baz", "foo/x/bar",
        "src/build", "src/a/b/c.log", "src/foo", "src/keep.log", "z[1]", "z1", "!bang", "end ",
    ];

    private static readonly string[] Lines =
    [
        "*.log", "!keep.log", "build/", "/build", "build", "docs/**", "!docs/guide", "!docs/guide/", "**/foo", "foo/**/bar", "foo/*/bar", "/*", "!/src", "*", "!*/", "!*.md", "src/*", "!src/foo",
        "a?b", "x\\#", "#comment", "\\!bang", "!bang", "z[0-9]", "z[!0-9]*", "z\\[1\\]", "[[:alpha:]]", "[a-", "end\\ ", "end ", "**", "/**", "**/", "docs/*/deep", "a/", "*.[ol]*", "d?cs/guide", "sub",
        "build/sub", "!out.o", "**/b*", "src/**/c.log", "src/a/**", "f*o", "**/guide/**", "\\", "foo\\", "  ", "docs/g*/a.md",
    ];

    private static readonly Gen<string> Line = Gen.OneOf(Lines);

    [Theory]
    [InlineData("*.log", "x.log", true)]
    [InlineData("*.log", "a/b/x.log", true)]
    [InlineData("/x.log", "a/x.log", false)]
    [InlineData("a/b", "x/a/b", false)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**/d", "a/d", true)]
    [InlineData("a/**/d", "a/b/c/d", true)]
    [InlineData("**/d", "a/b/d", true)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("a[/]c", "a/c", false)]
    [InlineData("[[:digit:]]x", "1x", true)]
    [InlineData("[]x]", "]", true)]
    [InlineData("[^a]", "b", true)]
    [InlineData("dir/", "dir", false)]
    [InlineData("trailing   ", "trailing", true)]
    [InlineData("windows\r", "windows", true)]
    public void Matches_File_AsGitDoes(string line, string path, bool expected) => Assert.Equal(expected, IgnorePattern.Parse(line)!.Matches(path, isDirectory: false));

    [Fact]
    public void Matches_PatternOfManyStars_TakesNoTime()
    {
        var pattern = IgnorePattern.Parse(string.Concat(Enumerable.Repeat("*a", 200)) + "b")!;
        Assert.False(pattern.Matches(new string('a', 5000), isDirectory: false));
        var deep = IgnorePattern.Parse(string.Concat(Enumerable.Repeat("**/a/", 100)) + "b")!;
        Assert.False(deep.Matches(string.Join('/', Enumerable.Repeat("a", 2000)), isDirectory: false));
    }

    /// <summary>git itself says what is right.</summary>
    [Fact]
    public void Files_AnyIgnoreFiles_AreThoseThatGitLists()
    {
        using var tree = new TemporaryTree();
        Tool.Run(tree.Root, "git", "init", "--quiet");
        foreach (var path in Paths) tree.Write(path);
        var ignoreFiles = Gen.Select(Line.List[1, 6], Line.List[0, 3], Line.List[0, 3]);
        ignoreFiles.Sample(files =>
        {
            tree.Write(".gitignore", string.Join('\n', files.Item1));
            tree.Write("docs/.gitignore", string.Join('\n', files.Item2));
            tree.Write("src/.gitignore", string.Join('\n', files.Item3));
            var listed = Tool.Run(tree.Root, "git", "-c", "core.excludesFile=/dev/null", "ls-files", "--others", "--exclude-standard", "-z").Split('\0')
                .Where(path => path.Length > 0 && !path.Split('/').Any(name => name.StartsWith('.')));
            var walked = new FileTree(tree.Root).Files(new WalkTally(), CancellationToken.None).Select(file => file.Path);
            Assert.Equal(listed.Order(StringComparer.Ordinal), walked.Order(StringComparer.Ordinal));
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Files_BelowARepository_AreIgnoredByTheRulesAbove()
    {
        using var tree = new TemporaryTree();
        Tool.Run(tree.Root, "git", "init", "--quiet");
        tree.Write(".gitignore", "*.tmp\n/docs/out/\n");
        tree.Write(".git/info/exclude", "private.md\n");
        tree.Write("docs/a.md");
        tree.Write("docs/a.tmp");
        tree.Write("docs/private.md");
        tree.Write("docs/out/b.md");
        Assert.Equal(["a.md"], new FileTree(tree.FullPath("docs")).Files(new WalkTally(), TestContext.Current.CancellationToken).Select(file => file.Path));
    }

    [Fact]
    public void FilesBelow_Directory_ObeysTheIgnoreFilesAbove()
    {
        using var tree = new TemporaryTree();
        tree.Write(".gitignore", "*.tmp\n");
        tree.Write("a/.gitignore", "!keep.tmp\n");
        tree.Write("a/b/x.tmp");
        tree.Write("a/b/keep.tmp");
        Assert.Equal(["a/b/keep.tmp"], new FileTree(tree.Root).FilesBelow("a/b", new WalkTally(), TestContext.Current.CancellationToken).Select(file => file.Path));
    }
}
