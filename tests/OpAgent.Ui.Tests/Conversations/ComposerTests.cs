using Bunit;
using OpAgent.Server.Conversations;
using OpAgent.Ui.Conversations;

namespace OpAgent.Ui.Tests.Conversations;

public sealed class ComposerTests : BunitContext
{
    [Fact]
    public void Composer_WhileATurnRuns_StopsAndQueues()
    {
        var stopped = false;
        var composer = Render<Composer>(parameters => parameters.Add(composer => composer.Busy, true).Add(composer => composer.OnStop, () => stopped = true));

        Assert.Equal("Queue", composer.Find("[data-send]").TextContent);
        composer.Find("[data-stop]").Click();

        Assert.True(stopped);
    }

    [Fact]
    public void Composer_AtRest_Sends()
    {
        var composer = Render<Composer>(parameters => parameters.Add(composer => composer.Placeholder, "Message writer"));

        Assert.Equal("Send", composer.Find("[data-send]").TextContent);
        Assert.Empty(composer.FindAll("[data-stop]"));
        Assert.Equal("Message writer", composer.Find("textarea").GetAttribute("aria-label"));
    }

    [Fact]
    public void Composer_OfABrokenConversation_TakesNothing()
    {
        var composer = Render<Composer>(parameters => parameters.Add(composer => composer.Disabled, true));

        Assert.True(composer.Find("textarea").HasAttribute("disabled"));
        Assert.True(composer.Find("[data-send]").HasAttribute("disabled"));
    }

    [Fact]
    public void Modes_Chosen_AreTold()
    {
        string? chosen = null;
        var composer = Render<Composer>(parameters => parameters.Add(composer => composer.Modes, ["default", "auto"]).Add(composer => composer.Mode, "default").Add(composer => composer.OnMode, mode => chosen = mode));

        composer.Find("select").Change("auto");

        Assert.Equal("auto", chosen);
    }

    [Fact]
    public void Commands_WithQuotesInThem_StayData()
    {
        var composer = Render<Composer>(parameters => parameters.Add(composer => composer.Commands, [new AgentCommand("fix", "\"><script>alert(1)</script>", null)]));

        Assert.Empty(composer.FindAll("script"));
        Assert.Contains("fix", composer.Find("op-composer").GetAttribute("data-commands"));
    }
}
