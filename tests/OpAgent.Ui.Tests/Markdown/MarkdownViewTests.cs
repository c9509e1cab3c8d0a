using AngleSharp.Dom;
using Bunit;
using OpAgent.Ui.Markdown;

namespace OpAgent.Ui.Tests.Markdown;

public sealed class MarkdownViewTests : BunitContext
{
    [Fact]
    public void View_WhileStreaming_MarksTheOpenBlockAlone()
    {
        var view = Render<MarkdownView>(parameters => parameters.Add(view => view.Text, "one\n\ntw\n").Add(view => view.Streaming, true));
        Assert.Equal([false, true], view.FindAll(".md-block").Select(block => block.HasAttribute("data-open")));

        view.Render(parameters => parameters.Add(view => view.Text, "one\n\ntw\no\n\n- thr").Add(view => view.Streaming, true));
        Assert.Equal(["one", "tw\no", "thr"], view.FindAll(".md-block").Select(block => block.TextContent.Trim()));

        view.Render(parameters => parameters.Add(view => view.Text, "one\n\ntw\no\n\n- three [a]\n\n[a]: https://example.com/").Add(view => view.Streaming, false));
        Assert.Empty(view.FindAll("[data-open]"));
        Assert.Equal("https://example.com/", view.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void View_OfTextThatWasReplaced_ShowsTheNewOne()
    {
        var view = Render<MarkdownView>(parameters => parameters.Add(view => view.Text, "first text\n\nmore").Add(view => view.Streaming, true));
        view.Render(parameters => parameters.Add(view => view.Text, "other").Add(view => view.Streaming, true));
        Assert.Equal("other", Assert.Single(view.FindAll(".md-block")).TextContent.Trim());
    }

    [Fact]
    public void View_OfFiveMegabytes_ShowsThemAsTheyAreInParts()
    {
        var line = "# a line of <b>text</b>\n";
        var text = string.Concat(Enumerable.Repeat(line, 5 * 1024 * 1024 / line.Length));
        var view = Render<MarkdownView>(parameters => parameters.Add(view => view.Text, text));
        view.WaitForState(() => view.FindAll("pre").Count > 0, TimeSpan.FromSeconds(30));
        Assert.StartsWith(line, Assert.Single(view.FindAll("pre")).TextContent);
        Assert.Empty(view.FindAll("h1, b"));

        view.Find("button").Click();
        view.WaitForState(() => view.FindAll("pre").Count == 2, TimeSpan.FromSeconds(30));
        var parts = view.FindAll("pre");
        Assert.StartsWith(string.Concat(parts.Select(part => part.TextContent)), text);
        Assert.Matches(@"^Show more \(4\.\d MB left\)$", view.Find("button").TextContent);
    }

    [Fact]
    public void View_OfLongText_ShowsAllOfIt()
    {
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"Paragraph {i} with *text*.\n\n"));
        var view = Render<MarkdownView>(parameters => parameters.Add(view => view.Text, text));
        view.WaitForAssertion(() => Assert.Equal(5000, view.FindAll(".md-block").Count), TimeSpan.FromSeconds(30));
    }
}
