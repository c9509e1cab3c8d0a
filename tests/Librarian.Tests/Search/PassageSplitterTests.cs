using OpAgent.Agents.Librarian.Search;

namespace OpAgent.Agents.Librarian.Tests.Search;

public sealed class PassageSplitterTests
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("word", 180));

    [Fact]
    public void Split_Markdown_AtHeadings() => Assert.Equal(
        ["2-2 ", "6-6 A", "10-10 A › B", "14-14 C"],
        Describe("p.md", "\nintro\n\n# A\n\none\n\n## B\n\ntwo\n\n# C\n\nthree\n"));

    [Fact]
    public void Split_ShortBlocks_StayTogether() => Assert.Equal(["1-7 "], Describe("p.md", "one\n\n- two\n- three\n\n```\ncode\n```\n".Replace("```\n\n", "```")[..^4]));

    [Fact]
    public void Split_LongBlocks_AreSeparate() => Assert.Equal(["1-1 ", "3-3 "], Describe("p.md", $"{Long}\n\n{Long}\n"));

    [Fact]
    public void Split_CodeAfterItsIntroduction_StaysWithIt() => Assert.Equal(["1-1 ", "3-7 "], Describe("p.md", $"{Long}\n\nLike this:\n\n```\n{Long}\n```\n"));

    [Fact]
    public void Split_LongCode_IsNeverCut() => Assert.Equal(["1-302 "], Describe("p.md", $"```\n{string.Concat(Enumerable.Repeat("some line of code\n", 300))}```\n"));

    [Fact]
    public void Split_FrontMatterAndComments_AreNoPassages() => Assert.Equal(["6-6 My title"], Describe("p.md", "---\ntitle: My title\n---\n\n<!-- hidden -->\ntext\n"));

    [Fact]
    public void Split_HeadingWithoutText_IsItsOwnPassage() => Assert.Equal(["1-1 A", "3-3 B"], Describe("p.md", "# A\n\n# B\n"));

    [Fact]
    public void Split_OtherText_AtBlankLines()
    {
        var paragraph = string.Join('\n', Enumerable.Repeat(new string('x', 99), 6));
        Assert.Equal(["1-6 ", "8-13 "], Describe("p.txt", $"{paragraph}\n\n{paragraph}\n"));
    }

    [Fact]
    public void Split_OtherTextWithoutBlankLines_IsCutAllTheSame() =>
        Assert.Equal(["1-40 ", "41-80 ", "81-100 "], Describe("p.csv", string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}\n"))));

    private static IEnumerable<string> Describe(string path, string text) =>
        PassageSplitter.Split(path, text).Select(passage => $"{passage.FirstLine}-{passage.LastLine} {passage.Section}");
}
