using System.Text.RegularExpressions;
using OpAgent.Ui.Markdown;

namespace OpAgent.Ui.Tests.Markdown;

public sealed partial class MarkdownRenderingTests
{
    private static readonly ContentPlace Place = new("handbook", "docs", Root: "/srv/handbook");

    [Theory]
    [InlineData("| a | b |\n|:-:|--:|\n| 1 | 2 |", "<td align=\"center\">1</td>")]
    [InlineData("- [x] done\n- [ ] open", "<input disabled=\"\" type=\"checkbox\" checked=\"checked\"> done")]
    [InlineData("~~gone~~", "<del>gone</del>")]
    [InlineData("Text[^1]\n\n[^1]: Note", "<a id=\"user-content-fnref:1\" href=\"#user-content-fn%3A1\"><sup>1</sup></a>")]
    [InlineData("see https://example.com/a.", "<a href=\"https://example.com/a\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://example.com/a</a>.")]
    [InlineData("[mail](mailto:alice@example.com)", "href=\"mailto:alice@example.com\" target=\"_blank\"")]
    [InlineData("a List<string> and <thinking>", "a List&lt;string&gt; and &lt;thinking&gt;")]
    [InlineData("<thinking>\nhm\n</thinking>", "hm")]
    [InlineData("---\ntitle: Secret\n---\nText", "<p>Text</p>")]
    [InlineData("<details><summary>More</summary>\n\n**bold**\n\n</details>", "<strong>bold</strong></p>\n</details>")]
    [InlineData("later [a]\n\n[a]: b.md", "later <a href=\"/w/handbook/docs/b.md\">a</a>")]
    public void Whole_OfMarkdown_WritesHtml(string text, string expected) => Assert.Contains(expected, Html(text));

    [Fact]
    public void Whole_OfFrontMatter_HidesItAndCountsItsLines()
    {
        var block = Assert.Single(MarkdownRendering.Whole("---\ntitle: Secret\n---\nText", Place));
        Assert.Equal((4, "<p>Text</p>"), (block.Line, block.Html));
    }

    [Fact]
    public void Whole_OfHeadings_NamesThemOnceEach()
    {
        var html = Html("# Usage of `code`\n\n## Usage of code\n\n[up](#usage-of-code)");
        Assert.Contains("<h1 data-line=\"1\" id=\"user-content-usage-of-code\"", html);
        Assert.Contains("<h2 data-line=\"3\" id=\"user-content-usage-of-code-1\"", html);
        Assert.Contains("<a href=\"#user-content-usage-of-code\">up</a>", html);
        Assert.Contains("href=\"/w/handbook/docs/a.md#x\"", Html("[x](#x)", Place with { Page = "/w/handbook/docs/a.md" }));
    }

    [Fact]
    public void Whole_OfCode_FramesItWithLanguageAndButton()
    {
        var html = Html("```csharp title=x\nvar a = \"<b>\";\n```");
        Assert.Contains("<div class=\"md-code\" data-language=\"csharp\">", html);
        Assert.Contains("<span class=\"md-language\">csharp</span><button class=\"md-copy\" type=\"button\"", html);
        Assert.Contains("<code>var a = \"&lt;b&gt;\";\n</code>", html);
    }

    [Fact]
    public void Whole_OfText_TellsTheLineOfEachBlock()
    {
        var blocks = MarkdownRendering.Whole("# A\n\ntext\n\n- a\n- b\n", Place);
        Assert.Equal([1, 3, 5], blocks.Select(block => block.Line));
        Assert.Contains("<li data-line=\"6\">b</li>", blocks[2].Html);
    }

    [Theory]
    [InlineData("docs/intro.md:12", "<a href=\"/w/handbook/docs/docs/intro.md#L12\">docs/intro.md:12</a>")]
    [InlineData("see intro_a.md:3, and", "see <a href=\"/w/handbook/docs/intro_a.md#L3\">intro_a.md:3</a>, and")]
    [InlineData("`a.cs:3-9`", "<code><a href=\"/w/handbook/docs/a.cs#L3\">a.cs:3-9</a></code>")]
    [InlineData("/srv/handbook/src/a.cs:3:7", "<a href=\"/w/handbook/src/a.cs#L3\">/srv/handbook/src/a.cs:3:7</a>")]
    public void Whole_OfCitation_LinksToTheLine(string text, string expected) => Assert.Contains(expected, Html(text));

    [Theory]
    [InlineData("example.com:8080")]
    [InlineData("at 12:30 or 1.5:2")]
    [InlineData("`run a.cs:3`")]
    [InlineData("../../../etc/passwd.txt:1")]
    [InlineData("v1.2:3 x")]
    [InlineData("ftp.x://a.b:12")]
    public void Whole_OfWhatOnlyLooksLikeCitation_LinksNothing(string text) => Assert.DoesNotContain("<a", Html(text));

    [Theory]
    [InlineData("![a](img/a.png)", "src=\"/api/v1/workspaces/handbook/files/content?path=docs%2Fimg%2Fa.png\"")]
    [InlineData("![a](/logo.png)", "src=\"/api/v1/workspaces/handbook/files/content?path=logo.png\"")]
    [InlineData("![dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)", "src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"")]
    [InlineData("![badge](https://example.com/b.svg)", "<a class=\"md-image-link\" href=\"https://example.com/b.svg\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">badge</a>")]
    [InlineData("[![badge](https://example.com/b.svg)](https://example.com/)", "<span class=\"md-image-link\">badge</span></a>")]
    [InlineData("![up](../../x.png)", "<span class=\"md-image-link\">up</span>")]
    public void Whole_OfImage_LoadsOnlyWhatIsNear(string text, string expected) => Assert.Contains(expected, Html(text));

    [Fact]
    public void Whole_OfLargeImageInText_DoesNotShowIt()
    {
        var largest = new string('A', 1024 * 1024 / 3 * 4);
        Assert.Contains("<img", Html($"![big](data:image/png;base64,{largest})"));
        Assert.DoesNotContain("<img", Html($"![big](data:image/png;base64,{largest}AAAAAAAA)"));
    }

    [Theory]
    [InlineData("[x](http://127.0.0.1:3000/a)", "<span class=\"md-inert\">x (http://127.0.0.1:3000/a)</span>")]
    [InlineData("http://127.0.0.1:3000/a", "<span class=\"md-inert\">http://127.0.0.1:3000/a</span>")]
    [InlineData("[x](javascript:alert(1))", "<span class=\"md-inert\">x</span>")]
    [InlineData("[x](../../outside)", "<span class=\"md-inert\">x</span>")]
    [InlineData("[x](file:///srv/handbook/a.md)", "<a href=\"/w/handbook/a.md\">x</a>")]
    [InlineData("[x](file:///etc/passwd)", "<span class=\"md-inert\">x</span>")]
    [InlineData("[x](a%20b.md#L3)", "<a href=\"/w/handbook/docs/a%20b.md#L3\">x</a>")]
    [InlineData("[x](?q=1)", "<a href=\"/w/handbook/docs\">x</a>")]
    public void Whole_OfLink_LeadsWhereItMay(string text, string expected) => Assert.Contains(expected, Html(text));

    [Fact]
    public void Whole_WithoutPlace_LeadsNowhereByRelativeLinks() => Assert.DoesNotContain("href", Html("[x](a.md) a.md:3 ![x](a.png)", place: null));

    private static string Html(string text) => Html(text, Place);

    private static string Html(string text, ContentPlace? place) =>
        Anchor.Replace(string.Join('\n', MarkdownRendering.Whole(text, place).Select(block => block.Html)), "");

    [GeneratedRegex("""<a class="md-anchor".*?</a>""")]
    private static partial Regex Anchor { get; }
}
