using Bunit;
using OpAgent.Ui.Markdown;

namespace OpAgent.Ui.Tests.Markdown;

public sealed class HostileContentTests
{
    private static readonly ContentPlace Place = new("handbook", "docs", Root: "/srv/handbook");

    [Theory]
    [MemberData(nameof(HostileCorpus.Names), MemberType = typeof(HostileCorpus))]
    public void Whole_OfHostileText_HoldsOnlyHarmlessMarkup(string name)
    {
        var content = HostileCorpus.Named(name).Content;
        foreach (var place in (ContentPlace?[])[Place, null])
            Assert.Empty(MarkdownRendering.Whole(content, place).SelectMany(block => SafeMarkup.ProblemsIn(block.Html)));
    }

    [Theory]
    [MemberData(nameof(HostileCorpus.Names), MemberType = typeof(HostileCorpus))]
    public void Whole_OfHostileTextAmongOther_HoldsOnlyHarmlessMarkup(string name)
    {
        var content = HostileCorpus.Named(name).Content;
        var quoted = string.Concat(content.Split('\n').Select(line => $"> {line}\n"));
        var listed = "- " + content.Replace("\n", "\n  ");
        foreach (var text in (string[])[$"<div>\n\n{content}\n\n</div>", quoted, listed, $"before {content} after", $"| a |\n|---|\n| {content} |", $"{content}\n\n[r]: https://example.com\n\n[r]"])
            Assert.Empty(MarkdownRendering.Whole(text, Place).SelectMany(block => SafeMarkup.ProblemsIn(block.Html)));
    }

    [Theory]
    [MemberData(nameof(HostileCorpus.Names), MemberType = typeof(HostileCorpus))]
    public void Blocks_OfHostileTextAtEachStep_HoldOnlyHarmlessMarkup(string name)
    {
        var content = HostileCorpus.Named(name).Content;
        var blocks = new MarkdownBlocks(Place);
        var step = Math.Max(1, content.Length / 100);
        for (var i = 0; i < content.Length; i += step)
        {
            blocks.Append(content.Substring(i, Math.Min(step, content.Length - i)));
            Assert.Empty(blocks.Blocks.SelectMany(block => SafeMarkup.ProblemsIn(block.Html)));
        }
    }

    [Theory]
    [MemberData(nameof(HostileCorpus.LoopbackNames), MemberType = typeof(HostileCorpus))]
    public void Whole_OfLinkToThisMachine_HoldsNoLink(string name)
    {
        foreach (var block in MarkdownRendering.Whole(HostileCorpus.Named(name).Content, Place)) Assert.Empty(SafeMarkup.AddressesIn(block.Html));
    }

    [Fact]
    public void View_OfAllHostileText_HoldsOnlyHarmlessMarkup()
    {
        using var context = new BunitContext();
        var text = string.Join("\n\n", HostileCorpus.All.Where(HostileCorpus.IsText).Select(payload => payload.Content));
        var view = context.Render<MarkdownView>(parameters => parameters.Add(view => view.Text, text).Add(view => view.Place, Place));
        view.WaitForState(() => view.FindAll(".md-block").Count > 0, TimeSpan.FromSeconds(30));
        Assert.Empty(view.FindAll("script, iframe, object, embed, svg, math, style, form, base, meta, link"));
        Assert.Empty(view.FindAll(".md-block").SelectMany(block => SafeMarkup.ProblemsIn(block.InnerHtml)));
    }
}
