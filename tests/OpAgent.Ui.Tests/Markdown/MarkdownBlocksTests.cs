using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using OpAgent.Ui.Markdown;

namespace OpAgent.Ui.Tests.Markdown;

public sealed partial class MarkdownBlocksTests
{
    private static readonly ContentPlace Place = new("handbook");

    // Pieces that begin, go on with and end each other in every order. (Front matter is known only at the end: no text begins with dashes.)
    private static readonly string[] Pieces =
    [
        "word ", "two words\n", "\n", "\n\n", "- item\n", "- item\n\n", "  more\n", "1. one\n", "1. one\n\n2", ". two\n", "    code\n", "\t", "> quote\n", ">\n", "***\n", "---\n", "===\n",
        "```\n", "```cs\nvar a;\n", "~~~\n", "`", "**bold**", "_a_", "# Head\n", "## Head\n\n", "| a | b |\n|---|---|\n", "| 1 | 2 |\n", "<div>\n", "</div>\n\n", "<details>\n\n", "</details>\n",
        "<!--", "-->\n", "<b>x</b>", "- [x] task\n", "[link](a.md)", "![i](a.png)\n", "https://example.com/a ", "a.md:12 ", "\\", "&amp;", "é", "日本\n", "<pre>\n", "\n</pre>\n", "  ", "-", "+ other\n",
    ];

    private static readonly string[] FarReaching = [.. Pieces, "[a]\n", "[a]: b.md\n\n", "text[^1]\n", "[^1]: note\n\n", "[a][b] ", "\n[b]: <c.md> \"t\"\n"];

    [Fact]
    public void Blocks_InAnyChunks_AreThoseOfTheWhole() => Cases(Pieces).Sample((text, sizes) =>
    {
        var blocks = Grow(text, sizes);
        // Only the names of headings in the open block, and blocks that hold nothing, differ.
        return Joined(blocks.Blocks.Where(block => !block.IsOpen)) is var finished && Joined(MarkdownRendering.Whole(text, Place)).StartsWith(finished, StringComparison.Ordinal);
    }, iter: 3_000);

    [Fact]
    public void Complete_AfterAnyChunks_EqualsTheWhole() => Cases(FarReaching).Sample((text, sizes) =>
    {
        var blocks = Grow(text, sizes);
        blocks.Complete();
        return blocks.Blocks.SequenceEqual(MarkdownRendering.Whole(text, Place)) && blocks.Tail.Length == 0;
    }, iter: 2_000);

    [Fact]
    public void Blocks_WhileTextGrows_KeepWhatIsFinished() => Cases(Pieces).Sample((text, sizes) =>
    {
        var blocks = new MarkdownBlocks(Place);
        List<MarkdownBlock> finished = [];
        foreach (var chunk in Chunks(text, sizes))
        {
            blocks.Append(chunk);
            var now = blocks.Blocks.Where(block => !block.IsOpen).ToList();
            if (finished.Where((block, i) => !ReferenceEquals(block, now[i])).Any()) return false;
            if (blocks.Blocks.Select(block => block.Key).Distinct().Count() != blocks.Blocks.Count) return false;
            finished = now;
        }

        return true;
    }, iter: 2_000);

    [Fact]
    public void Whole_OfBlocks_IsWhatOneParsingWrites() => Cases(Pieces).Sample((text, _) =>
    {
        // Tags that are not closed reach to the end of the text there, and of the block here.
        if (text.Replace("<b>x</b>", "").Contains('<')) return true;
        var once = ContentHtml.Clean(Markdig.Markdown.ToHtml(text, MarkdownSyntax.Full), hasTags: true, Place);
        return once is null || Bare(once) == Bare(Joined(MarkdownRendering.Whole(text, Place)));
    }, iter: 2_000);

    [Fact]
    public void Complete_WhereNothingChanges_KeepsTheBlocks()
    {
        var blocks = new MarkdownBlocks(Place);
        blocks.Append("one\n\ntwo\n\nthree\n");
        var before = blocks.Blocks.Where(block => !block.IsOpen).ToList();
        blocks.Complete();
        Assert.Equal(2, before.Count);
        Assert.All(before, (block, i) => Assert.Same(block, blocks.Blocks[i]));
        Assert.DoesNotContain(blocks.Blocks, block => block.IsOpen);
    }

    [Theory]
    [InlineData("A line of *text* with a [link](a.md).\n\n")]
    [InlineData("- item with `code`\n")]
    [InlineData("word ")]
    [InlineData("```\ncode line\n")]
    [InlineData("| 1 | 2 | 3 |\n")]
    public void Blocks_OfOneMegabyteInFiftyThousandChunks_CostAboutItsLength(string unit)
    {
        var text = Repeat(unit, 1024 * 1024);
        var blocks = new MarkdownBlocks(Place);
        var watch = Stopwatch.StartNew();
        var shown = 0L;
        foreach (var chunk in Chunks(text, [21]))
        {
            blocks.Append(chunk);
            shown += blocks.Blocks.Count + blocks.Tail.Length / 1024;
        }

        // Rendering all of it for each chunk would take hours.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"{watch.Elapsed} for {text.Length} characters, {shown} shown");
    }

    private static Gen<(string Text, int[] Sizes)> Cases(string[] pieces) =>
        Gen.Select(Gen.Int[0, pieces.Length - 1].Array[1, 25].Select(chosen => "x\n\n" + string.Concat(chosen.Select(i => pieces[i]))), Gen.Int[1, 12].Array[1, 8]);

    private static MarkdownBlocks Grow(string text, int[] sizes)
    {
        var blocks = new MarkdownBlocks(Place);
        foreach (var chunk in Chunks(text, sizes))
        {
            blocks.Append(chunk);
            _ = blocks.Blocks;
        }

        return blocks;
    }

    private static IEnumerable<string> Chunks(string text, int[] sizes)
    {
        for (int start = 0, i = 0; start < text.Length; i++)
        {
            var length = Math.Min(sizes[i % sizes.Length], text.Length - start);
            yield return text.Substring(start, length);
            start += length;
        }
    }

    private static string Joined(IEnumerable<MarkdownBlock> blocks) => string.Concat(blocks.Select(block => block.Html + "\n"));

    // Without names of headings and numbers of lines, and without white space, which stands between blocks in one way or the other.
    private static string Bare(string html) => string.Concat(Notes().Replace(html, "").Where(character => !char.IsWhiteSpace(character)));

    [GeneratedRegex(""" (id|data-line|lang)="[^"]*"|<a class="md-anchor".*?</a>|<div class="md-code-bar">.*?</div>| data-language="[a-z]*" ?""")]
    private static partial Regex Notes();

    private static string Repeat(string unit, int length) => new StringBuilder().Insert(0, unit, length / unit.Length).ToString();
}
