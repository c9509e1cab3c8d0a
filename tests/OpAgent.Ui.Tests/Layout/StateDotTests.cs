using Bunit;
using OpAgent.Ui.Layout;

namespace OpAgent.Ui.Tests.Layout;

public sealed class StateDotTests : BunitContext
{
    [Theory]
    [InlineData("starting", "◌", "starting")]
    [InlineData("running", "●", "running")]
    [InlineData("waiting", "◐", "waiting for you")]
    [InlineData("suspended", "⏸", "suspended")]
    [InlineData("idle", "○", "idle")]
    [InlineData("stopped", "◻", "stopped")]
    [InlineData("failed", "✕", "failed")]
    [InlineData("online", "●", "online")]
    [InlineData("offline", "⚡", "offline")]
    public void Dot_OfAState_HasItsGlyphAndSaysIt(string state, string glyph, string label)
    {
        var dot = Render<StateDot>(parameters => parameters.Add(dot => dot.State, state)).Find("span");

        Assert.Equal(glyph, dot.TextContent);
        Assert.Equal(label, dot.GetAttribute("aria-label"));
    }
}
