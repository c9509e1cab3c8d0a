using Bunit;
using OpAgent.Server.Security;
using OpAgent.Ui.Account;

namespace OpAgent.Ui.Tests.Account;

public sealed class SessionRowTests : BunitContext
{
    private static readonly SessionView Foreign = new("s1", "Firefox on Linux", "Mozilla/5.0", "192.0.2.7", new(2026, 11, 20, 8, 30, 0, TimeSpan.Zero), DateTimeOffset.UtcNow, Current: false);

    [Fact]
    public void Session_OfAnotherBrowser_SaysWhereItIsAndSinceWhenAndCanBeEnded()
    {
        var ended = false;
        var row = Render<SessionRow>(parameters => parameters.Add(row => row.Session, Foreign).Add(row => row.OnEnd, () => ended = true));

        Assert.Contains("192.0.2.7", row.Find(".quiet").TextContent);
        Assert.Equal("2026-11-20T08:30:00.0000000Z", row.Find("time").GetAttribute("datetime"));
        row.Find("button").Click();
        Assert.True(ended);
    }

    [Fact]
    public void Session_ThatIsThisOne_CannotBeEndedHere()
    {
        var row = Render<SessionRow>(parameters => parameters.Add(row => row.Session, Foreign with { Current = true }));

        Assert.Contains("this one", row.Markup);
        Assert.Empty(row.FindAll("button"));
    }
}
