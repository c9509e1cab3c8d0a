using Bunit;
using OpAgent.Ui.Conversations;

namespace OpAgent.Ui.Tests.Conversations;

public sealed class FoldTests : BunitContext
{
    [Fact]
    public void Body_BeforeSomebodyLooks_IsNotDrawn()
    {
        var fold = RenderFold("one");
        Assert.Empty(fold.FindAll(".fold-body"));

        fold.Find("summary").Click();

        Assert.Equal("the body of one", fold.Find(".fold-body").TextContent);
    }

    [Fact]
    public void Fold_OfTheSameContent_IsNotDrawnAgain()
    {
        var fold = RenderFold("one");
        var before = fold.RenderCount;

        fold.Render(parameters => parameters.Add(fold => fold.Content, fold.Instance.Content));
        Assert.Equal(before, fold.RenderCount);
        fold.Render(parameters => parameters.Add(fold => fold.Content, "another"));

        Assert.NotEqual(before, fold.RenderCount);
    }

    [Fact]
    public void Fold_WithNothingInside_CannotBeOpened()
    {
        var fold = Render<Fold>(parameters => parameters.Add(fold => fold.Content, "x").Add(fold => fold.Empty, true).Add(fold => fold.Summary, "a line"));

        Assert.Empty(fold.FindAll("details"));
        Assert.Equal("a line", fold.Find(".fold").TextContent);
    }

    private IRenderedComponent<Fold> RenderFold(string content) => Render<Fold>(parameters => parameters
        .Add(fold => fold.Content, content).Add(fold => fold.Summary, "a line").Add(fold => fold.Body, $"the body of {content}"));
}
