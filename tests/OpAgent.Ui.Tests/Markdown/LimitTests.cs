using System.Diagnostics;
using OpAgent.Ui.Markdown;

namespace OpAgent.Ui.Tests.Markdown;

public sealed class LimitTests
{
    public static TheoryData<string, string> Inputs => new()
    {
        { "quotes", Repeat(">", 10_000) + " x" },
        { "lists", Repeat("- ", 10_000) + "x" },
        { "nested list", string.Concat(Enumerable.Range(0, 500).Select(i => new string(' ', i * 2) + "- a\n")) },
        { "one line", Repeat("word ", 200_000) },
        { "one word", Repeat("x", 1_000_000) },
        { "many rows", "|a|b|c|\n|-|-|-|\n" + Repeat("|1|2|3|\n", 20_000) },
        { "many columns", Repeat("|a", 2000) + "|\n" + Repeat("|-", 2000) + "|\n" + Repeat(Repeat("|1", 2000) + "|\n", 20) },
        { "brackets", Repeat("[", 500_000) },
        { "images", Repeat("![", 250_000) },
        { "links", Repeat("[a](", 250_000) },
        { "link lines", Repeat("[a](\n", 100_000) },
        { "emphasis", Repeat("*a _b ", 150_000) },
        { "backticks", string.Concat(Enumerable.Range(1, 1400).Select(i => new string('`', i) + " ")) },
        { "nested elements", Repeat("<div>", 200_000) },
        { "nested blocks", Repeat("<div>\n\n", 100_000) },
        { "formatting", "<b a=1><b a=2><b a=3><i a=1><i a=2><i a=3><u a=1><s a=1><em a=1>\n" + Repeat("<p>x\n", 200_000) },
        { "distinct formatting", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<b a={i}>")) + Repeat("<p>x", 20_000) },
        { "repeated formatting", "<p>" + string.Concat(Enumerable.Range(0, 300).Select(i => $"<b a={i}>")) + Repeat("<p>x</p>", 50_000) },
        { "hidden nesting", Repeat("<div><select></div></select>", 30_000) },
        { "tables in tables", Repeat("<table><tr><td>", 50_000) },
        { "comments", Repeat("<!-- ", 200_000) },
        { "references", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"[a{i}]: /x\n")) },
        { "footnotes", Repeat("[^1]", 20_000) + "\n\n[^1]: x" },
        { "fences", Repeat("```\na\n", 50_000) },
        { "headings", Repeat("# a\n", 30_000) },
        { "colons", Repeat("a.b:1 ", 100_000) },
        { "path", Repeat("a/", 500_000) + "a.md:1" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Whole_OfExcessiveText_EndsInTime(string name, string text)
    {
        var watch = Stopwatch.StartNew();
        var blocks = MarkdownRendering.Whole(text, new("handbook"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {watch.ElapsedMilliseconds} ms, {blocks.Count} blocks, {blocks.Sum(block => block.Html.Length)} characters");
        // What is excessive without its limit takes many minutes, or never ends.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), $"{name} took {watch.Elapsed}");
    }

    [Fact]
    public void Whole_OfTextNestedTooDeep_ShowsItsSource()
    {
        var block = Assert.Single(MarkdownRendering.Whole(Repeat(">", 10_000) + " x", null));
        Assert.StartsWith("<pre class=\"md-plain\">&gt;&gt;", block.Html);
    }

    private static string Repeat(string unit, int count) => string.Concat(Enumerable.Repeat(unit, count));
}
