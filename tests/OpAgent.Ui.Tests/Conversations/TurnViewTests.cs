using Bunit;
using OpAgent.Core.Conversations;
using OpAgent.Server.Conversations;
using OpAgent.Ui.Conversations;
using TurnView = OpAgent.Ui.Conversations.TurnView;

namespace OpAgent.Ui.Tests.Conversations;

public sealed class TurnViewTests : BunitContext
{
    private static readonly Guid Id = Guid.Parse("019ab3c4-0000-7000-8000-000000000002");
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 15, 29, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("end_turn", null)]
    [InlineData("cancelled", "Cancelled.")]
    [InlineData("interrupted", "Interrupted before the end.")]
    [InlineData("max_tokens", "Stopped: the model's limit of tokens was reached.")]
    [InlineData("refusal", "The agent refused to go on.")]
    [InlineData("something_new", "Stopped: something new.")]
    public void Reply_ThatStopped_SaysWhy(string stop, string? ending)
    {
        var view = RenderTurn(Reply() with { Stop = stop });

        Assert.Equal(ending, view.FindAll(".ending").SingleOrDefault()?.TextContent);
    }

    [Fact]
    public void Reply_WithAnError_ShowsItInsteadOfTheReason()
    {
        var ending = RenderTurn(Reply() with { Stop = "interrupted", Error = "The agent exited with code 3." }).Find(".ending.failed");

        Assert.Equal("The agent exited with code 3.", ending.TextContent);
    }

    [Fact]
    public void Reply_WithUsage_ShowsTokensAndCost()
    {
        var usage = RenderTurn(Reply() with { Stop = "end_turn", In = 8_120, Out = 377, Cost = 0.0042m }).Find(".usage");

        Assert.Equal("8.1k in · 377 out · $0.0042", usage.TextContent);
    }

    [Fact]
    public void Fork_OfATurnThatEnded_NamesIt()
    {
        Guid? forked = null;
        var view = Render<TurnView>(parameters => parameters.Add(view => view.Turn, new MirroredTurn(Id, null, Reply() with { Stop = "end_turn" }, Running: false)).Add(view => view.OnFork, turn => forked = turn));

        view.Find("[aria-label='Fork from here']").Click();

        Assert.Equal(Id, forked);
    }

    [Fact]
    public void Fork_OfATurnThatRuns_IsNotOffered()
    {
        var view = Render<TurnView>(parameters => parameters.Add(view => view.Turn, new MirroredTurn(Id, null, Reply(), Running: true)));

        Assert.Empty(view.FindAll("[aria-label='Fork from here']"));
        Assert.Equal("running", view.Find(".reply .dot").GetAttribute("aria-label"));
    }

    [Fact]
    public void Turn_ThatIsTheSame_IsNotDrawnAgain()
    {
        var turn = new MirroredTurn(Id, null, Reply() with { Stop = "end_turn" }, Running: false);
        var view = Render<TurnView>(parameters => parameters.Add(view => view.Turn, turn));
        var before = view.RenderCount;

        view.Render(parameters => parameters.Add(view => view.Turn, turn));
        Assert.Equal(before, view.RenderCount);
        view.Render(parameters => parameters.Add(view => view.Turn, turn with { }));

        Assert.NotEqual(before, view.RenderCount);
    }

    private static Turn Reply() => new(Id, "writer@1.2.0", Time) { Blocks = [new TextBlock("Done.")] };

    private IRenderedComponent<TurnView> RenderTurn(Turn reply) => Render<TurnView>(parameters => parameters
        .Add(view => view.Turn, new MirroredTurn(Id, new Turn(Id, "alice", Time) { Blocks = [new TextBlock("Please.")] }, reply, Running: false)));
}
