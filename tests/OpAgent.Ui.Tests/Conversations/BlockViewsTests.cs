using Bunit;
using OpAgent.Core.Conversations;
using OpAgent.Ui.Conversations;

namespace OpAgent.Ui.Tests.Conversations;

public sealed class BlockViewsTests : BunitContext
{
    [Fact]
    public void Blocks_OfTenThousandToolCalls_AreDrawnFromTheEnd()
    {
        var calls = Enumerable.Range(1, 10_000).Select(number => new ToolBlock($"t{number}", "read", "completed", $"Reading {number}")).ToList<TurnBlock>();
        var views = RenderBlocks(calls);

        Assert.Equal("Reading 10000", views.FindAll(".tool .title")[^1].TextContent);
        Assert.Equal("9700 earlier steps", views.Find(".earlier").TextContent);
        views.Find(".earlier").Click();

        Assert.Equal(600, views.FindAll(".tool").Count);
        Assert.Equal("9400 earlier steps", views.Find(".earlier").TextContent);
    }

    [Fact]
    public void Blocks_WithTagsInNames_AreText()
    {
        const string hostile = "<img src=x onerror=alert(1)>";

        var views = RenderBlocks([
            new ToolBlock("t1", hostile, hostile, hostile) { Decision = hostile },
            new PlanBlock([new PlanEntry(hostile, hostile)]),
            new NoticeBlock(hostile, hostile),
        ]);

        Assert.Empty(views.FindAll("img"));
        Assert.Equal(hostile, views.Find(".tool .title").TextContent);
        Assert.Contains(hostile, views.Find(".plan").TextContent);
    }

    [Fact]
    public void Plan_OfSteps_ShowsHowFarEachIs()
    {
        var views = RenderBlocks([new PlanBlock([new("Read", "completed"), new("Edit", "in_progress"), new("Check", "pending")])]);

        Assert.Equal(["✔ Read", "● Edit", "○ Check"], views.FindAll(".plan li").Select(step => step.TextContent.Trim()));
    }

    [Theory]
    [InlineData("completed", "✔")]
    [InlineData("failed", "✕")]
    [InlineData("in_progress", "…")]
    [InlineData("pending", "◌")]
    public void ToolCall_InAStatus_ShowsIt(string status, string glyph)
    {
        var views = RenderBlocks([new ToolBlock("t1", "edit", status, "Edit") { Path = "docs/intro.md", Milliseconds = 210, Decision = "alice allow_once" }]);

        Assert.Equal(glyph, views.Find(".tool .status").TextContent);
        Assert.Equal("docs/intro.md", views.Find(".tool .title").TextContent);
        Assert.Equal("allowed by alice", views.Find(".tool .decision").TextContent);
        Assert.Contains("0.2 s", views.Find(".tool").TextContent);
    }

    [Fact]
    public void Thought_WhileItIsTheLast_IsStillThinking()
    {
        var views = Render<BlockViews>(parameters => parameters.Add(views => views.Blocks, [new ThoughtBlock("hm")]).Add(views => views.Streaming, true));
        Assert.Equal("Thinking…", views.Find(".thought summary").TextContent);

        views.Render(parameters => parameters.Add(views => views.Blocks, [new ThoughtBlock("hm"), new TextBlock("So.")]));

        Assert.Equal("Thought", views.Find(".thought summary").TextContent);
    }

    private IRenderedComponent<BlockViews> RenderBlocks(IReadOnlyList<TurnBlock> blocks) => Render<BlockViews>(parameters => parameters.Add(views => views.Blocks, blocks));
}
