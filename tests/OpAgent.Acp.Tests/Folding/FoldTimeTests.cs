using System.Diagnostics;
using System.Text;
using OpAgent.Acp.Folding;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Tests.Folding;

[Collection(nameof(MeasuredAlone))]
public sealed class FoldTimeTests
{
    [Fact]
    public void Apply_FiftyThousandChunks_TakesLinearTime()
    {
        Time(5_000);
        var (few, many) = (Time(5_000), Time(50_000));
        // Ten times as much; quadratic time would make it a hundred.
        Assert.InRange(many, TimeSpan.Zero, (few * 30) + TimeSpan.FromSeconds(1));

        static TimeSpan Time(int chunks)
        {
            var fold = new TurnFold("/work");
            var update = Encoding.UTF8.GetBytes("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"some words of an answer, "}}""");
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < chunks; i++) fold.Apply(update, Fold.Begin);
            Assert.Equal(chunks * 25 - 1, Assert.IsType<TextBlock>(Assert.Single(fold.Blocks)).Text.TrimEnd().Length);
            return watch.Elapsed;
        }
    }

    [Fact]
    public void Blocks_ManyChangesThatAreSlowToCompare_EndInReasonableTime()
    {
        var random = new Random(7);
        var (before, after) = (Lines(0), Lines(5));
        var fold = new Fold();
        for (var i = 0; i < 200; i++) fold.Apply(new ToolCall($"t{i}", "x") { Content = [new ToolCallDiff("/srv/docs/a.md", after) { OldText = before }] });
        var watch = Stopwatch.StartNew();
        Assert.Equal("`a.md` changed; too much changed in this turn to show how.", ((ToolBlock)fold.Blocks[^1]).Body);
        Assert.StartsWith("```diff", fold.Tool().Body);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));

        string Lines(int least) => string.Concat(Enumerable.Range(0, 3_900).Select(_ => $"{random.Next(least, least + 5)}\n"));
    }
}
