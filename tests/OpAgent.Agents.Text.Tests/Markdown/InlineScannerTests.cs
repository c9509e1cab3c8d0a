using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Text.Tests.Markdown;

public sealed class InlineScannerTests
{
    [Theory]
    [InlineData("a `b` c", "Code `b`")]
    [InlineData("a ``b ` c`` d", "Code ``b ` c``")]
    [InlineData("a `b", "")]
    [InlineData("`[a](b)`", "Code `[a](b)`")]
    [InlineData("\\[a](b)", "Escape \\[")]
    [InlineData("<https://a.b/c> and <me@a.b>", "Autolink <https://a.b/c>; Autolink <me@a.b>")]
    [InlineData("see https://a.b/c_(d). More", "Autolink https://a.b/c_(d)")]
    [InlineData("(see https://a.b/c)", "Autolink https://a.b/c")]
    [InlineData("a <br/> b <img alt=\"x > y\"> c", "Html <br/>; Html <img alt=\"x > y\">")]
    [InlineData("1 < 2 and 3 > 2", "")]
    [InlineData("x <!-- (a --> y", "Html <!-- (a -->")]
    [InlineData("$x_1$ costs $5 and $6", "Math $x_1$")]
    [InlineData("[a](b \"c)\")", "Link [a](b \"c)\") -> b")]
    [InlineData("[a](<b c>)", "Link [a](<b c>) -> b c")]
    [InlineData("[a](b(c)d)", "Link [a](b(c)d) -> b(c)d")]
    [InlineData("[a]()", "Link [a]() -> ")]
    [InlineData("[a] (b)", "")]
    [InlineData("[a](b c)", "")]
    [InlineData("![a](b)", "Link ![a](b) -> b")]
    [InlineData("[![a](b)](c)", "Link ![a](b) -> b; Link [![a](b)](c) -> c")]
    [InlineData("[a][b]", "Reference [a][b] -> b")]
    [InlineData("[a][]", "Reference [a][] -> a")]
    [InlineData("[known] [unknown]", "Reference [known] -> known")]
    [InlineData("[a\nb](c)", "Link [a\nb](c) -> c")]
    public void Inlines_Text_AreFound(string source, string expected)
    {
        var document = MarkdownDocument.Parse(source + "\n\n[Known]: x");
        var text = document.Text(document.Blocks[0]);
        var found = document.Inlines(text).Select(inline =>
            $"{inline.Kind} {text.Text[inline.Start..inline.End]}{(inline.Kind is InlineKind.Link or InlineKind.Reference ? $" -> {text.Text[inline.Target]}" : "")}");
        Assert.Equal(expected, string.Join("; ", found));
    }

    [Theory]
    [InlineData("a", "`a`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("`a`", "`` `a` ``")]
    [InlineData("a``b`c", "```a``b`c```")]
    [InlineData("a\nb", "`a b`")]
    public void InlineCode_Text_ShowsItAsItIs(string text, string expected) => Assert.Equal(expected, InlineCode.Of(text));

    [Theory]
    [InlineData("---\ntitle: \"A b\"\n---\ntext", "A b", 2)]
    [InlineData("---\ntitle: A\n---\n# B", "B", 4)]
    [InlineData("## C\n\n# B", "B", 3)]
    [InlineData("text", null, 0)]
    public void PageTitle_Page_IsTheFirstHeadingOrTheFrontMatters(string source, string? text, int line) =>
        Assert.Equal(text is null ? null : new PageTitle(text, line), PageTitle.Of(MarkdownDocument.Parse(source)));
}
