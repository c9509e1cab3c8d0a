using OpAgent.Agents.Librarian.Reports;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("report", true)]
    [InlineData("Please write a report.", true)]
    [InlineData("Where are the broken links? Give me a Report!", true)]
    [InlineData("Can you report on this directory?", true)]
    [InlineData("How do I report a bug?", false)]
    [InlineData("and where does the report say that?", false)]
    [InlineData("reporting", false)]
    public void ReportRequest_Prompt_IsToldFromAQuestion(string prompt, bool expected) => Assert.Equal(expected, ReportRequest.IsIn(prompt));

    [Theory]
    [InlineData("TODO write this", "TODO write this")]
    [InlineData("- TODO: a", "TODO: a")]
    [InlineData("x = 1; // FIXME b */", "FIXME b")]
    [InlineData("# TODO", "TODO")]
    [InlineData("<!-- TODO c -->", "TODO c")]
    [InlineData("text TODO: d", "TODO: d")]
    [InlineData("text TODO(alice) e", "TODO(alice) e")]
    [InlineData("- [ ] TODO f", "TODO f")]
    [InlineData("the TODO list", null)]
    [InlineData("TODOs and todo", null)]
    [InlineData("open \"TODO\" items", null)]
    [InlineData("a TODO/FIXME item", null)]
    [InlineData("`TODO: g`", null)]
    [InlineData("    TODO: code", null)]
    [InlineData("NOTODO: h", null)]
    public void OpenItems_Line_FindsNotes(string line, string? expected) =>
        Assert.Equal(expected is null ? [] : [(1, expected)], OpenItems.In(line, MarkdownDocument.Parse(line)));

    [Fact]
    public void Write_CleanDirectory_SaysSo()
    {
        _tree.Write("README.md", "# Home\n");
        Assert.Contains("Nothing that needs to be looked at.", Write());
    }

    [Fact]
    public void Write_Directory_ListsEverythingWithItsPlace()
    {
        _tree.Write("README.md", "# Home\n\n[a](docs/a.md) [gone](gone.md)\n");
        _tree.Write("docs/a.md", "# Same\n\nTODO: finish\n");
        _tree.Write("docs/orphan.md", "# same\n\n[self](orphan.md)\n");
        _tree.Write("empty.txt", "\n");
        _tree.Write("pkg/__init__.py", "");
        var report = Write();
        Assert.Contains("| Broken links | 1 |\n| Orphaned pages | 1 |\n| Duplicate titles | 1 |\n| Open TODO and FIXME items | 1 |\n| Empty files | 1 |\n", report);
        Assert.Contains("- [README.md:3](README.md#L3): `gone.md` – no such file\n", report);
        Assert.Contains("- [docs/orphan.md:1](docs/orphan.md#L1)\n", report);
        Assert.Contains("- [docs/a.md:1](docs/a.md#L1), [docs/orphan.md:1](docs/orphan.md#L1): Same\n", report);
        Assert.Contains("- [docs/a.md:3](docs/a.md#L3): `TODO: finish`\n", report);
        Assert.Contains("- [empty.txt:1](empty.txt#L1)\n", report);
    }

    [Fact]
    public void Write_ManyFindings_AreCountedAndCutOff()
    {
        _tree.Write("README.md", string.Concat(Enumerable.Range(0, 70).Select(i => $"[x](gone{i}.md)\n")));
        var report = Write();
        Assert.Contains("### Broken links (70)", report);
        Assert.Contains("- … and 20 more\n", report);
        Assert.DoesNotContain("gone50.md", report);
    }

    [Theory]
    [InlineData("toc.yml", "- name: P\n  href: page.md\n")]
    [InlineData("../mkdocs.yml", "nav:\n  - P: page.md\n")]
    [InlineData("sidebars.js", "module.exports = ['page'];\n")]
    [InlineData("../index.html", "<a href=\"docs/page.md\">\n")]
    [InlineData("../app.csproj", "<None Include=\"docs\\page.md\" />\n")]
    [InlineData("toc.yml", "- uid: the-page\n")]
    [InlineData("b/README.md", "<xref:the-page>\n")]
    [InlineData("b/README.md", "[x](xref:the-page#a)\n")]
    [InlineData("b/README.md", "[x](/docs/page.md)\n")]
    [InlineData("b/README.md", "[x](../page)\n")]
    public void Run_PageThatSomethingLeadsTo_IsNoOrphan(string path, string text)
    {
        _tree.Write("docs/page.md", "---\nuid: the-page\n---\n");
        _tree.Write($"docs/{path}", text);
        Assert.Contains("| Orphaned pages | 0 |", Write());
    }

    [Fact]
    public void Write_OnlySomeFiles_StillCountsLinksOfTheOthers()
    {
        _tree.Write("README.md", "[a](docs/a.md) [gone](gone.md)\n");
        _tree.Write("docs/a.md");
        _tree.Write("docs/b.md");
        var report = Write(path => path.StartsWith("docs/", StringComparison.Ordinal));
        Assert.Contains("| Broken links | 0 |\n| Orphaned pages | 1 |", report);
    }

    private string Write(Func<string, bool>? isReported = null) =>
        string.Concat(ReportWriter.Write(new ReportScan(new FileTree(_tree.Root)).Run(isReported ?? (_ => true), TestContext.Current.CancellationToken)));
}
