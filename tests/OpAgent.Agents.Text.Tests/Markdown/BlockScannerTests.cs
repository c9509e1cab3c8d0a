using CsCheck;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Tests.Markdown;

public sealed class BlockScannerTests
{
    private static readonly string[] Pieces =
    [
        "# T", "text", "  text", "    code", "\tcode", "```", "```cs", "~~~", "````", "- item", "  - sub", "1. one", "10) ten", "> quote", "> > q", ">", "-", "---", "===", "***", "+++", "", " ",
        "<div>", "</div>", "<!-- c", "-->", "<script>", "</script>", "| a | b |", "|---|---|", "[a]: b", "[^1]: note", "  \t ", "   > - x", "text  ", "`code", "$$",
    ];

    private static readonly Gen<string> Source = Gen.OneOf(Gen.OneOf(Pieces).List[0, 14].Select(lines => string.Join('\n', lines)), Gen.String);

    [Theory]
    [InlineData("# A\n\ntext\nmore\n", "Heading 1-1, Paragraph 3-4")]
    [InlineData("A\n=\n\nB\n-\n", "Heading 1-2, Heading 4-5")]
    [InlineData("```cs\n# no\n\n```\ntext", "Code 1-4, Paragraph 5-5")]
    [InlineData("~~~\n```\n~~~", "Code 1-3")]
    [InlineData("````\n```\n````", "Code 1-3")]
    [InlineData("```\nnever closed\n\n# no", "Code 1-4")]
    [InlineData("text\n    not code\n\n    code\n\n    more\n\ntext", "Paragraph 1-2, Code 4-6, Paragraph 8-8")]
    [InlineData("- item\n\n      code\n\n- item", "Paragraph 1-1, Code 3-3, Paragraph 5-5")]
    [InlineData("- item\n\n    text\n", "Paragraph 1-1, Paragraph 3-3")]
    [InlineData("1. one\n   ```\n   code\n   ```\n2. two", "Paragraph 1-1, Code 2-4, Paragraph 5-5")]
    [InlineData("- ```\n  code\n  ```", "Code 1-3")]
    [InlineData("- ```\ntext", "Code 1-1, Paragraph 2-2")]
    [InlineData("> ```\n> code\n> ```\n> text", "Code 1-3, Paragraph 4-4")]
    [InlineData("> ```\ntext", "Code 1-1, Paragraph 2-2")]
    [InlineData("> text\nlazy\n\n> more", "Paragraph 1-2, Paragraph 4-4")]
    [InlineData("---\ntitle: x\n---\n# A", "FrontMatter 1-3, Heading 4-4")]
    [InlineData("+++\ntitle = 1\n+++\n", "FrontMatter 1-3")]
    [InlineData("---\n\ntext\n\n---", "Rule 1-1, Paragraph 3-3, Rule 5-5")]
    [InlineData("text\n---\n", "Heading 1-2")]
    [InlineData("* * *\n- - -", "Rule 1-1, Rule 2-2")]
    [InlineData("<!-- a\n\nb --> \ntext", "Html 1-3, Paragraph 4-4")]
    [InlineData("<div>\n# no\n\n# yes", "Html 1-2, Heading 4-4")]
    [InlineData("<pre>\n\nx\n</pre>\ntext", "Html 1-4, Paragraph 5-5")]
    [InlineData("text <b>\n<b>\nmore", "Paragraph 1-3")]
    [InlineData("| a | b |\n|---|:-:|\n| 1 | 2 |\n\ntext", "Table 1-3, Paragraph 5-5")]
    [InlineData("- a | b\n  ---|---\n  1 | 2", "Table 1-3")]
    [InlineData("[a]: b.md \"t\"\n[c]: <d e>\ntext", "Definition 1-1, Definition 2-2, Paragraph 3-3")]
    [InlineData("text\n[a]: b", "Paragraph 1-2")]
    [InlineData("[^1]: a note", "Paragraph 1-1")]
    [InlineData("text\n- item\n2. a new list\n", "Paragraph 1-1, Paragraph 2-2, Paragraph 3-3")]
    [InlineData("text\n14. no list", "Paragraph 1-2")]
    [InlineData("a\r\n\r\n```\r\nb\r\n```\r\n", "Paragraph 1-1, Code 3-5")]
    [InlineData("#no heading\n####### no", "Paragraph 1-2")]
    [InlineData("", "")]
    public void Parse_Source_FindsBlocks(string source, string expected) => Assert.Equal(expected, Describe(source));

    [Fact]
    public void Parse_HeadingsClosed_HaveTheirText()
    {
        var document = MarkdownDocument.Parse("## A `b` [c](d) ##\n# *e* \\*f\\* <br>\nsnake_case __g__\n---\n#");
        Assert.Equal(["2 A b c", "1 e *f*", "2 snake_case g", "1 "], document.Headings().Select(heading => $"{heading.Level} {heading.Text}"));
    }

    [Fact]
    public void Parse_AnySource_PutsEveryLineOfTextInExactlyOneBlock() => Source.Sample(source =>
    {
        var document = MarkdownDocument.Parse(source);
        var lines = SourceLines.Split(source);
        var owners = new int[lines.Length + 1];
        foreach (var block in document.Blocks)
        {
            for (var line = block.FirstLine; line <= block.LastLine; line++) owners[line]++;
        }
        for (var i = 0; i < lines.Length; i++)
        {
            Assert.True(owners[i + 1] <= 1);
            // Marks of quotes and lists alone are no text.
            if (source.AsSpan(lines[i].Start, lines[i].Length).IndexOfAnyExcept("> \t-*+.)0123456789") >= 0 && !source.AsSpan(lines[i].Start, lines[i].Length).IsWhiteSpace())
                Assert.Equal(1, owners[i + 1]);
        }
    });

    [Fact]
    public void Parse_AnySource_TextLeadsBackToTheSource() => Source.Sample(source =>
    {
        var document = MarkdownDocument.Parse(source);
        foreach (var block in document.Blocks)
        {
            var text = document.Text(block);
            for (var i = 0; i < text.Text.Length; i++)
            {
                Assert.InRange(text.Line(i), block.FirstLine, block.LastLine);
                if (text.Text[i] != '\n') Assert.Equal(text.Text[i], source[text.Offset(i)]);
            }
            foreach (var inline in document.Inlines(text)) Assert.True(inline.Start < inline.End && inline.End <= text.Text.Length);
            PlainText.Of(document, text);
        }
    });

    [Fact]
    public void Parse_HostileSource_TakesNoTime()
    {
        foreach (var piece in (string[])["[", "![", "`` ` ", "<", "<a ", "](", "> ", "- ", "*", "$", "\\", "[a][", "<!--"])
        {
            var document = MarkdownDocument.Parse(string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)));
            foreach (var block in document.Blocks) document.Inlines(document.Text(block));
        }
    }

    private static string Describe(string source) =>
        string.Join(", ", MarkdownDocument.Parse(source).Blocks.Select(block => $"{block.Kind} {block.FirstLine}-{block.LastLine}"));
}
