using Bunit;
using OpAgent.Ui.Welcome;

namespace OpAgent.Ui.Tests.Welcome;

public sealed class TourStepsTests : BunitContext
{
    [Fact]
    public void Steps_AtTheBeginning_OfferWhatCanBeDone()
    {
        var steps = Show(TourState.Nothing);

        Assert.Equal(["Ask", "Approve a change", "Kill an agent", "Open the conversation"], steps.FindAll("h3").Select(title => title.TextContent));
        Assert.Empty(steps.FindAll("li.done"));
        Assert.Empty(steps.FindAll("[data-open-file]"));
        Assert.Contains("ask something first", steps.Markup);
        Assert.Equal("the readers", steps.Find("[data-step='Kill an agent'] output").TextContent);
    }

    [Fact]
    public void Steps_ThatHappened_AreTicked()
    {
        var steps = Show(TourState.Nothing with { Asked = true, Killed = true }, "drafts/.opagent/conversations/2026-11-22-check.md");

        Assert.Equal(["Ask", "Kill an agent"], steps.FindAll("li.done h3").Select(title => title.TextContent));
        Assert.Equal(["done", "not done yet", "done", "not done yet"], steps.FindAll(".tick").Select(tick => tick.GetAttribute("aria-label")));
        Assert.Equal("/w/w1/drafts/.opagent/conversations/2026-11-22-check.md", steps.Find("[data-open-file]").GetAttribute("href"));
    }

    [Fact]
    public void Ask_WithOneClick_AsksTheQuestionOnTheButton()
    {
        string? asked = null;
        var steps = Show(TourState.Nothing, onAsk: question => asked = question);

        steps.Find("[data-ask]").Click();

        Assert.Equal(steps.Find("[data-ask]").TextContent, asked);
        Assert.EndsWith("?", asked);
    }

    private IRenderedComponent<TourSteps> Show(TourState state, string? file = null, Action<string>? onAsk = null) => Render<TourSteps>(parameters => parameters
        .Add(steps => steps.State, state)
        .Add(steps => steps.Workspace, "w1")
        .Add(steps => steps.File, file)
        .Add(steps => steps.OnAsk, question => onAsk?.Invoke(question))
        .Add(steps => steps.Readers, "<output>the readers</output>"));
}
