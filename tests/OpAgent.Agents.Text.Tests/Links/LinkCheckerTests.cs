using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;
using OpAgent.Agents.Text.Tests.Files;

namespace OpAgent.Agents.Text.Tests.Links;

public sealed class LinkCheckerTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public LinkCheckerTests()
    {
        _tree.Write("docs/a.md", "# A title\n\n## Twice\n\n## Twice\n\n<a id=\"Own\"></a>\n\n## Set {#mine}\n\n<h2>Raw heading</h2>\n\n## C# & `x.y()`!\n");
        _tree.Write("docs/my page.md");
        _tree.Write("docs/guide/README.md", "# Guide\n");
        _tree.Write("docs/empty/x.txt");
        _tree.Write("docs/pic(1).png");
        _tree.Write("README.md");
        _tree.Write("Program.cs");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("[x](a.md)")]
    [InlineData("[x](./a.md \"title\")")]
    [InlineData("[x](../README.md)")]
    [InlineData("[x](a.md#a-title)")]
    [InlineData("[x](a.md#twice-1)")]
    [InlineData("[x](a.md#twice_1)")]
    [InlineData("[x](a.md#own)")]
    [InlineData("[x](a.md#mine)")]
    [InlineData("[x](a.md#raw-heading)")]
    [InlineData("[x](a.md#c--xy)")]
    [InlineData("[x](a.md#c-xy)")]
    [InlineData("[x](a.md#L3-L5)")]
    [InlineData("[x](#here)")]
    [InlineData("[x](#)")]
    [InlineData("[x](#top)")]
    [InlineData("[x](my%20page.md)")]
    [InlineData("[x](<my page.md>)")]
    [InlineData("![x](pic(1).png)")]
    [InlineData("![x](pic%281%29.png?raw=true)")]
    [InlineData("[x](guide)")]
    [InlineData("[x](guide/)")]
    [InlineData("[x](guide/#guide)")]
    [InlineData("[x](empty)")]
    [InlineData("[x](a)")]
    [InlineData("[x](a.html#a-title)")]
    [InlineData("[x](../Program.cs#L10)")]
    [InlineData("[x](https://example.org/missing.md)")]
    [InlineData("[x](mailto:a@b.c)")]
    [InlineData("[x](//host/missing.md)")]
    [InlineData("[x](/site/root.md)")]
    [InlineData("[x]({{ site.url }}/missing.md)")]
    [InlineData("[x](../../outside.md)")]
    [InlineData("`[x](missing.md)`")]
    [InlineData("```\n[x](missing.md)\n```")]
    [InlineData("    [x](missing.md)")]
    [InlineData("<!-- [x](missing.md) <a href=\"missing.md\"> -->")]
    [InlineData("a[i][j] and [0][1]")]
    [InlineData("[x] and [^1] and - [ ] task")]
    [InlineData("[x][y]\n\n[Y]: a.md")]
    [InlineData("<img src=\"pic(1).png\">")]
    public void Check_GoodLink_IsNotBroken(string source) => Assert.Empty(Broken(source));

    [Theory]
    [InlineData("[x](missing.md)", "missing.md NoFile 3")]
    [InlineData("text\n![x](missing.png)", "missing.png NoFile 4")]
    [InlineData("[x](A.md)", "A.md NoFile 3")]
    [InlineData("[x](a.md#nope)", "a.md#nope NoAnchor 3")]
    [InlineData("[x](#nope)", "#nope NoAnchor 3")]
    [InlineData("[x](guide/#nope)", "guide/#nope NoAnchor 3")]
    [InlineData("[x]()", " Empty 3")]
    [InlineData("[x][nope]", "nope NoDefinition 3")]
    [InlineData("[x][y]\n\n[y]: missing.md", "missing.md NoFile 5")]
    [InlineData("[x](my page.md) [y](<missing page.md>)", "missing page.md NoFile 3")]
    [InlineData("| [x](missing.md) |\n|---|\n| [y](gone.md) |", "missing.md NoFile 3; gone.md NoFile 5")]
    [InlineData("<p><img src='missing.png'></p>", "missing.png NoFile 3")]
    [InlineData("> - [x](missing.md)", "missing.md NoFile 3")]
    [InlineData("[![x](missing.png)](a.md)", "missing.png NoFile 3")]
    public void Check_BrokenLink_IsFound(string source, string expected) => Assert.Equal(expected, string.Join("; ", Broken(source)));

    [Fact]
    public void Check_LinkOutOfTheTree_IsNotLookedAt()
    {
        var link = Assert.Single(new LinkChecker(new FileTree(_tree.Root)).Check("docs/page.md", MarkdownDocument.Parse("[x](../../outside.md)")));
        Assert.Equal(LinkState.Outside, link.State);
    }

    [Theory]
    [InlineData("docs/a.md", 12, "[docs/a.md:12](docs/a.md#L12)")]
    [InlineData("my page (1).md", 1, "[my page (1).md:1](my%20page%20%281%29.md#L1)")]
    [InlineData("snake_case.md", 1, "[snake_case.md:1](snake_case.md#L1)")]
    [InlineData("__init__.py", 1, "[\\_\\_init\\_\\_.py:1](__init__.py#L1)")]
    [InlineData("a[1]*.md", 1, "[a\\[1\\]\\*.md:1](a%5B1%5D%2A.md#L1)")]
    public void Citation_Path_ShowsItAsItIs(string path, int line, string expected) => Assert.Equal(expected, Citation.Of(path, line));

    private IEnumerable<string> Broken(string source) => new LinkChecker(new FileTree(_tree.Root))
        .Check("docs/page.md", MarkdownDocument.Parse($"# Here\n\n{source}\n"))
        .Where(link => link.IsBroken)
        .Select(link => $"{link.Link.Target} {link.State} {link.Link.Line}");
}
