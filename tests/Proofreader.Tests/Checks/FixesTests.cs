using CsCheck;
using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Tests.Checks;

public sealed class FixesTests
{
    private static readonly string[] Words =
    [
        "the", "the", "the ", "The", "a", "a  ", "a", "to", "to ", "word", " ", "  ", "   ", "\t", "\n", "\n", "\n\n", "\r\n", "  \n", "   \n", "\\\n", "\n> ", "\n- ", "\n  ", "\n1. ", "\n    ", "\n# ", "\n---\n", "\n```\n",
        "`the the`", "`", "[the the](the  the)", "[a]: b  ", "<b  c>", "<!-- ", " -->", "| the  the |\n|---|---|\n", "(", "\"", "*", "**", "$", "\\", ".", ",", "é", "😀",
    ];

    private static readonly Gen<string> Source = Gen.OneOf(
        Gen.OneOf(Words).Array[0, 40].Select(string.Concat),
        Gen.OneOf(Words).Array[0, 20].Select(words => string.Join(' ', words)),
        Gen.OneOf(Words).Array[0, 30].Select(words => $"---\ntitle:  the the  \n---\n{string.Concat(words)}"),
        Gen.String);

    [Theory]
    [InlineData("Most of the the office.", "Most of the office.")]
    [InlineData("The the office.", "The office.")]
    [InlineData("the the the the", "the")]
    [InlineData("the the\nthe dog", "the\nthe dog")]
    [InlineData("over the\nthe dog", "over\nthe dog")]
    [InlineData("over the \n  the dog", "over\n  the dog")]
    [InlineData("the\nthe dog", "the\nthe dog")]
    [InlineData("over The\nthe dog", "over The\nthe dog")]
    [InlineData("over (the\nthe dog)", "over (the\nthe dog)")]
    [InlineData("had had nous nous", "had had nous nous")]
    [InlineData("a  b \nc   \nd  \ne", "a b\nc\nd  \ne")]
    [InlineData("a  b\r\n\r\n \r\nc ", "a b\r\n\r\n\r\nc")]
    [InlineData("> a  b \n> \n> c", "> a b\n>\n> c")]
    [InlineData("the  the", "the")]
    [InlineData("- item  \n- item", "- item\n- item")]
    [InlineData("-   item  one", "-   item one")]
    [InlineData("| the the  |\n|---|", "| the the  |\n|---|")]
    [InlineData("text  \n", "text\n")]
    public void Apply_Source_FixesIt(string source, string expected) => Assert.Equal(expected, Apply(source));

    [Theory]
    [InlineData("```\nthe the  x \n```\n")]
    [InlineData("    the the  x \n")]
    [InlineData("---\ntitle:  the the  \n---\n")]
    [InlineData("<div>\nthe the  x \n</div>\n")]
    [InlineData("`the the  x` [y](the%20the  \"a  b\")\n")]
    [InlineData("[the]:  the  'a  b'\n")]
    [InlineData("$$the the  x$$\n")]
    [InlineData("| the the  | x |\n|----------|---|\n")]
    public void Apply_WhatIsNoProse_IsLeftAlone(string source) => Assert.Equal(source, Apply(source));

    [Fact]
    public void Apply_Twice_ChangesNothingMore() => Source.Sample(source =>
    {
        if (Apply(source) is { } once) Assert.Equal(once, Apply(once));
    }, iter: 2000);

    [Fact]
    public void Apply_AnySource_KeepsLinesCodeAndFrontMatter() => Source.Sample(source =>
    {
        if (Apply(source) is not { } text) return;
        var before = MarkdownDocument.Parse(source);
        var after = MarkdownDocument.Parse(text);
        Assert.Equal(LineEndings(source), LineEndings(text));
        Assert.Equal(Untouchable(before), Untouchable(after));
    }, iter: 2000);

    [Fact]
    public void Apply_AnySource_OnlyTakesWordsAndSpacesAway() => Source.Sample(source =>
    {
        if (Apply(source) is not { } text) return;
        var at = 0;
        foreach (var c in text)
        {
            while (at < source.Length && source[at] != c) at++;
            Assert.True(at++ < source.Length);
        }
    });

    [Fact]
    public void Find_AnySource_NamesLinesThatThereAre() => Source.Sample(source =>
    {
        var lines = SourceLines.Split(source).Length;
        foreach (var finding in Proof.Find(MarkdownDocument.Parse(source)))
        {
            Assert.InRange(finding.Line, 1, lines);
            foreach (var deletion in finding.Deletions) Assert.True(deletion.Start.Value < deletion.End.Value && deletion.End.Value <= source.Length);
        }
    });

    private static string? Apply(string source) => Fixes.Apply(MarkdownDocument.Parse(source));

    private static string LineEndings(string text) => string.Concat(text.Where(c => c is '\r' or '\n'));

    private static IEnumerable<string> Untouchable(MarkdownDocument document) => document.Blocks
        .Where(block => block.Kind is BlockKind.Code or BlockKind.FrontMatter or BlockKind.Html or BlockKind.Table)
        .Select(block => $"{block.Kind} {document.Text(block).Text}");
}
