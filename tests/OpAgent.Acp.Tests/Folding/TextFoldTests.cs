using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Tests.Folding;

public sealed class TextFoldTests
{
    [Fact]
    public void Apply_ConsecutiveChunks_AreOneBlock()
    {
        var fold = new Fold().Think("let me ").Think("see").Say("Hel").Say("lo").Think("hm").Say(" again");
        Assert.Equal([new ThoughtBlock("let me see"), new TextBlock("Hello"), new ThoughtBlock("hm"), new TextBlock(" again")], fold.Blocks);
    }

    [Fact]
    public void Apply_ToolPlanOrNoticeBetween_BeginsANewBlock()
    {
        var fold = new Fold().Say("a").Apply(new ToolCall("t1", "Read")).Say("b").Apply(new Plan([new("do", "high", "pending")])).Say("c");
        fold.Turn.AddNotice("agent-exited", "The agent exited");
        fold.Say("d");
        Assert.Equal(
            [typeof(TextBlock), typeof(ToolBlock), typeof(TextBlock), typeof(PlanBlock), typeof(TextBlock), typeof(NoticeBlock), typeof(TextBlock)],
            fold.Blocks.Select(block => block.GetType()));
    }

    [Fact]
    public void Apply_ChangeOfAnEarlierBlock_DoesNotCutTheText()
    {
        var fold = new Fold().Apply(new ToolCall("t1", "Read")).Apply(new Plan([new("do", "high", "pending")]))
            .Say("a").Apply(new ToolCallUpdate("t1") { Status = "completed" }).Apply(new Plan([new("do", "high", "completed")])).Say("b");
        Assert.Equal(new TextBlock("ab"), fold.Blocks[^1]);
        Assert.Equal(3, fold.Blocks.Count);
    }

    [Fact]
    public void Apply_NewMessageId_BeginsANewParagraph()
    {
        var fold = new Fold().Say("Done.", "m1").Say(" Really.", "m1").Say("Next", "m2").Say("!").Say("?", "m2");
        Assert.Equal([new TextBlock("Done. Really.\n\nNext!?")], fold.Blocks);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Apply_NothingToSee_MakesNoBlock(string text)
    {
        var fold = new Fold().Say(text).Think(text);
        Assert.Empty(fold.Blocks);
        Assert.Equal(0, fold.Turn.Version);
    }

    [Fact]
    public void Apply_UserAndUnknownUpdates_AreIgnored()
    {
        var fold = new Fold().Apply(new UserMessageChunk(new TextContent("me"))).Apply(new CurrentModeUpdate("ask")).Apply("""{"sessionUpdate":"news"}""")
            .Apply(new Notice("info", "spoof"));
        Assert.Empty(fold.Blocks);
        Assert.Equal(0, fold.Turn.Version);
    }

    [Fact]
    public void Apply_SurrogatePairCutInTwo_MeetsAgain()
    {
        var fold = new Fold()
            .Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"a\n\"\\\/\u0041\ud83d"}}""")
            .Apply("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"\ude00b\ud83d"}}""");
        Assert.Equal([new TextBlock("a\n\"\\/A😀b\uFFFD")], fold.Blocks);
    }

    [Theory]
    [InlineData("""{"type":"image","data":"AAAA","mimeType":"image/png"}""", "[image, 3 bytes]")]
    [InlineData("""{"type":"image","data":"AAAA","mimeType":"image/png","uri":"https://example.org/a (1).png"}""", "[image](https://example.org/a%20%281%29.png)")]
    [InlineData("""{"type":"image","data":"AAAA","mimeType":"image/png","uri":"data:image/png;base64,AAAA"}""", "[image, 3 bytes]")]
    [InlineData("""{"type":"image","data":"AAAA","mimeType":"image/png","uri":"javascript:alert(1)"}""", "[image, 3 bytes]")]
    [InlineData("""{"type":"audio","data":"","mimeType":"audio/wav"}""", "[audio, 0 bytes]")]
    [InlineData("""{"type":"resource_link","name":"a.md","uri":"file:///srv/docs/a.md"}""", "[a.md](file:///srv/docs/a.md)")]
    [InlineData("""{"type":"resource_link","name":"a]( <b>","title":"x](y)\n*z*","uri":"mailto:a@b"}""", "x\\](y) \\*z\\*")]
    [InlineData("""{"type":"resource","resource":{"uri":"file:///srv/docs/a.md","text":"the text"}}""", "[a.md](file:///srv/docs/a.md)")]
    [InlineData("""{"type":"resource","resource":{"uri":"","blob":"AAAA"}}""", "resource")]
    [InlineData("""{"type":"hologram","data":"AAAA"}""", "[content of an unknown kind]")]
    public void Apply_OtherContent_IsMentioned(string content, string mention)
    {
        var fold = new Fold().Say("See").Apply($$"""{"sessionUpdate":"agent_message_chunk","content":{{content}}}""").Say("there");
        Assert.Equal([new TextBlock($"See\n\n{mention}\n\nthere")], fold.Blocks);
    }

    [Fact]
    public void Apply_LargeImage_SaysItsSize()
    {
        var fold = new Fold().Apply(new AgentMessageChunk(new ImageContent(new string('A', 16 * 1024), "image/png")));
        fold.Apply(new AgentThoughtChunk(new AudioContent(new string('A', 4_000_000), "audio/wav")));
        Assert.Equal([new TextBlock("[image, 12 KB]"), new ThoughtBlock("[audio, 2.9 MB]")], fold.Blocks);
    }

    [Fact]
    public void Apply_Plan_ReplacesThePlanInPlace()
    {
        var fold = new Fold().Apply(new Plan([])).Apply(new Plan([new("one", "high", "pending"), new("two\nlines", "low", "strange")])).Say("text")
            .Apply(new Plan([new("one", "high", "completed")]));
        Assert.Equal([new PlanBlock([new("one", "completed")]), new TextBlock("text")], fold.Blocks);
        fold.Apply(new Plan([new("two\nlines", "low", "strange")]));
        Assert.Equal(new PlanBlock([new("two lines", "pending")]), fold.Blocks[0]);
    }

    [Fact]
    public void Apply_Usage_IsToldApart()
    {
        var fold = new Fold();
        Assert.Null(fold.Turn.Usage);
        fold.Apply(new UsageUpdate(10, 100)).Apply(new UsageUpdate(20, 100) { Cost = new Cost(0.25, "USD") });
        Assert.Equal(new OpAgent.Acp.Folding.TurnUsage(20, 100, 0.25m, "USD"), fold.Turn.Usage);
        Assert.Empty(fold.Blocks);
        fold.Apply("""{"sessionUpdate":"usage_update","used":1,"size":2,"cost":{"amount":1e300,"currency":"USD"}}""");
        Assert.Null(fold.Turn.Usage!.Cost);
    }

    [Fact]
    public void Finish_LaterUpdates_AreIgnored()
    {
        var fold = new Fold().Say("done");
        fold.Turn.Finish(Fold.Begin);
        fold.Say("more").Apply(new ToolCall("t1", "Read")).Apply(new UsageUpdate(1, 2));
        Assert.Equal([new TextBlock("done")], fold.Blocks);
        Assert.Null(fold.Turn.Usage);
    }

    [Fact]
    public void Blocks_NothingChanged_AreTheSameObjects()
    {
        var fold = new Fold().Say("a").Apply(new ToolCall("t1", "Read")).Say("b");
        var before = fold.Turn.Blocks;
        var version = fold.Turn.Version;
        fold.Say("c");
        var after = fold.Turn.Blocks;
        Assert.True(fold.Turn.Version > version);
        Assert.Same(before[0], after[0]);
        Assert.Same(before[1], after[1]);
        Assert.Equal(new TextBlock("bc"), after[2]);
        Assert.Equal(new TextBlock("b"), before[2]);
        Assert.Same(after[2], fold.Turn.Blocks[2]);
    }
}
