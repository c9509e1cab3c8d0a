using OpAgent.Ui.Conversations;

namespace OpAgent.Ui.Tests.Conversations;

public sealed class TurnWindowTests
{
    [Fact]
    public void Around_ATurnFarUp_StaysAsTheConversationGrows()
    {
        var window = TurnWindow.Around(100, 2000);

        Assert.Equal(new TurnWindow(95, 135, true), window);
        Assert.Equal(window, window.Grown(2001));
    }

    [Fact]
    public void Grown_AtTheEnd_LetsTheOldestGo()
    {
        var window = TurnWindow.AtEnd(100);

        Assert.Equal(new TurnWindow(60, null, false), window);
        Assert.Equal(window, window.Grown(220));
        Assert.Equal(new TurnWindow(181, null, false), window.Grown(221));
    }

    [Fact]
    public void Grown_ForSomebodyWhoReadsEarlierTurns_TakesNothingAway()
    {
        var window = TurnWindow.AtEnd(200).Earlier(200).Earlier(200);

        Assert.Equal(new TurnWindow(80, null, true), window);
        Assert.Equal(new TurnWindow(80, 240, true), window.Grown(300));
    }

    [Fact]
    public void EarlierAndLater_StepByStep_ReachBothEndsWithinTheLimit()
    {
        const int count = 1000;
        var window = TurnWindow.AtEnd(count);
        while (window.First > 0)
        {
            window = window.Earlier(count);
            Assert.InRange((window.End ?? count) - window.First, 1, 160);
        }

        while (window.End is not null)
        {
            window = window.Later(count);
            Assert.InRange((window.End ?? count) - window.First, 1, 160);
        }

        Assert.Equal(840, window.First);
    }
}
