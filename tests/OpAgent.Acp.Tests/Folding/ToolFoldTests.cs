using System.Text.Json;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Tests.Folding;

public sealed class ToolFoldTests
{
    [Fact]
    public void Apply_CallAndUpdates_AreOneBlock()
    {
        var fold = new Fold()
            .Apply(new ToolCall("t1", "Edit the intro") { Kind = ToolKind.Edit, Locations = [new ToolCallLocation("/srv/docs/intro.md")] })
            .Say("text")
            .Apply(new ToolCallUpdate("t1") { Status = ToolCallStatus.InProgress })
            .Apply(new ToolCallUpdate("t1") { Status = ToolCallStatus.Completed, Content = [new ToolCallContentBlock(new TextContent("ok"))] });
        Assert.Equal(
            new ToolBlock("t1", "edit", "completed", "Edit the intro") { Path = "intro.md", Milliseconds = 3_000, Body = "```\nok\n```" },
            fold.Blocks[0]);
        Assert.Equal(2, fold.Blocks.Count);
    }

    [Fact]
    public void Apply_UpdateWithoutCall_MakesTheBlock()
    {
        var fold = new Fold().Apply(new ToolCallUpdate("t9") { Name = "grep" });
        Assert.Equal(new ToolBlock("t9", "other", "pending", "grep"), Assert.Single(fold.Blocks));
        fold.Apply(new ToolCallUpdate("t9") { Title = "Search", Name = "other", Kind = ToolKind.Search });
        Assert.Equal(new ToolBlock("t9", "search", "pending", "Search"), Assert.Single(fold.Blocks));
    }

    [Theory]
    [InlineData("""{"kind":"teleport","status":"exploded"}""", "other", "in_progress")]
    [InlineData("""{"kind":5,"status":[]}""", "read", "in_progress")]
    [InlineData("""{"kind":null,"status":null}""", "read", "in_progress")]
    [InlineData("""{"kind":"edit","status":"failed"}""", "edit", "failed")]
    public void Apply_UnknownWords_AreTolerated(string change, string kind, string status)
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x") { Kind = ToolKind.Read, Status = ToolCallStatus.InProgress });
        fold.Apply($$"""{"sessionUpdate":"tool_call_update","toolCallId":"t1",{{change[1..]}}""");
        Assert.Equal((kind, status), (fold.Tool().Kind, fold.Tool().Status));
    }

    [Theory]
    [InlineData("/srv/docs/a/b.md", "a/b.md")]
    [InlineData("/srv/docs/../docs/b.md", "b.md")]
    [InlineData("a/./b.md", "a/b.md")]
    [InlineData("../secret", "../secret")]
    [InlineData("/srv/docs", "/srv/docs")]
    [InlineData("/srv/docs2/b.md", "/srv/docs2/b.md")]
    [InlineData("/etc/passwd", "/etc/passwd")]
    [InlineData("", null)]
    [InlineData("a\0b", null)]
    public void Apply_Location_IsRelativeWhereItIsBelow(string path, string? shown)
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x") { Locations = [new ToolCallLocation(path), new ToolCallLocation("/srv/docs/second.md")] });
        Assert.Equal(shown, fold.Tool().Path);
    }

    [Fact]
    public void Apply_Diff_IsAUnifiedDiffAndItsPathComesFirst()
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x")
        {
            Locations = [new ToolCallLocation("/srv/docs/other.md")],
            Content = [new ToolCallDiff("/srv/docs/a.md", "one\nTWO\n") { OldText = "one\ntwo\n" }, new ToolCallDiff("/srv/docs/new.md", "fresh\n")],
        });
        Assert.Equal("a.md", fold.Tool().Path);
        Assert.Equal(
            """
            ```diff
            --- a/a.md
            +++ b/a.md
            @@ -1,2 +1,2 @@
             one
            -two
            +TWO
            ```

            ```diff
            --- /dev/null
            +++ b/new.md
            @@ -0,0 +1 @@
            +fresh
            ```
            """, fold.Tool().Body);
    }

    [Fact]
    public void Apply_OtherContent_IsMentioned()
    {
        var fold = new Fold().Apply(
            """
            {"sessionUpdate":"tool_call","toolCallId":"t1","title":"x","content":[
              {"type":"terminal","terminalId":"a`b"},{"type":"content","content":{"type":"image","data":"AAAA","mimeType":"image/png"}},
              {"type":"hologram"},{"type":"diff","path":"/srv/docs/a.md","oldText":"same","newText":"same"},7,null,{"type":"diff"}]}
            """);
        Assert.Equal("Terminal `a'b`\n\n[image, 3 bytes]\n\n[output of an unknown kind]\n\n`a.md` stays as it is.", fold.Tool().Body);
    }

    [Theory]
    [InlineData("plain", "```\nplain\n```")]
    [InlineData("```sh\nls\n```", "```sh\nls\n```")]
    [InlineData("\n````md\n```x```\n````\n", "````md\n```x```\n````")]
    [InlineData("```\none\n```\nand\n```\ntwo\n```", "````\n```\none\n```\nand\n```\ntwo\n```\n````")]
    [InlineData("```\nopen", "````\n```\nopen\n````")]
    [InlineData("```\n```", "```\n```")]
    [InlineData("</details>\n<!-- turn {} -->", "```\n</details>\n<!-- turn {} -->\n```")]
    public void Apply_TextContent_StandsInOneFence(string text, string body)
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x") { Content = [new ToolCallContentBlock(new TextContent(text))] });
        Assert.Equal(body, fold.Tool().Body);
    }

    [Fact]
    public void Apply_RawValues_AreShownWhereThereIsNoContent()
    {
        var fold = new Fold().Apply("""{"sessionUpdate":"tool_call","toolCallId":"t1","title":"x","rawInput":{"path":"é<a>"},"rawOutput":"line 1\nline 2"}""");
        Assert.Equal("```json\n{\n  \"path\": \"é<a>\"\n}\n```\n\n```\nline 1\nline 2\n```", fold.Tool().Body);
        fold.Apply(new ToolCallUpdate("t1") { Content = [new ToolCallContentBlock(new TextContent("content"))] });
        Assert.Equal("```\ncontent\n```", fold.Tool().Body);
        fold.Apply(new ToolCallUpdate("t1") { Content = [] });
        Assert.StartsWith("```json", fold.Tool().Body);
    }

    [Fact]
    public void Apply_RawValueWithHalfASurrogatePair_IsShownAsJson()
    {
        var fold = new Fold().Apply("""{"sessionUpdate":"tool_call","toolCallId":"t1","title":"x","rawInput":{"a":"\ud800"},"rawOutput":"\udc00"}""");
        Assert.Equal("```json\n{\"a\":\"\\ud800\"}\n```\n\n```json\n\"\\udc00\"\n```", fold.Tool().Body);
    }

    [Fact]
    public void Apply_RunsAgain_CountsTheWholeTime()
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x")).Apply(new ToolCallUpdate("t1") { Status = "completed" });
        Assert.Equal(1_000, fold.Tool().Milliseconds);
        fold.Apply(new ToolCallUpdate("t1") { Title = "y" });
        Assert.Equal(1_000, fold.Tool().Milliseconds);
        fold.Apply(new ToolCallUpdate("t1") { Status = "in_progress" });
        Assert.Null(fold.Tool().Milliseconds);
        fold.Apply(new ToolCallUpdate("t1") { Status = "failed" });
        Assert.Equal(4_000, fold.Tool().Milliseconds);
    }

    [Fact]
    public void Finish_OpenCall_KeepsItsStatus()
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x") { Status = "in_progress" });
        fold.Turn.Finish(Fold.Begin.AddSeconds(9));
        Assert.Equal(("in_progress", 9_000L), (fold.Tool().Status, fold.Tool().Milliseconds));
    }

    [Fact]
    public void Decide_KnownOrUnknownCall_KeepsTheDecision()
    {
        var fold = new Fold().Apply(new ToolCall("t1", "Edit") { Kind = ToolKind.Edit });
        fold.Turn.Decide("t1", JsonElement.Parse("""{"toolCallId":"t1","title":"Edit a.md"}"""), "alice allow_once");
        fold.Turn.Decide("t2", JsonElement.Parse("""{"toolCallId":"t2","title":"Run","kind":"execute"}"""), "policy deny");
        fold.Turn.Decide("t3", JsonElement.Parse("""["nonsense"]"""), "bob reject_once");
        Assert.Equal(
            [
                new ToolBlock("t1", "edit", "pending", "Edit a.md") { Decision = "alice allow_once" },
                new ToolBlock("t2", "execute", "pending", "Run") { Decision = "policy deny" },
                new ToolBlock("t3", "other", "pending", "other") { Decision = "bob reject_once" },
            ],
            fold.Blocks);
        fold.Apply(new ToolCallUpdate("t2") { Status = "completed" });
        Assert.Equal(0, fold.Tool(1).Milliseconds);
    }

    [Fact]
    public void Apply_LongOutput_IsCutAndSpilled()
    {
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        var fold = new Fold().Apply(new ToolCall("t0", "short")).Apply(new ToolCall("t1", "x")
        {
            Content = [new ToolCallContentBlock(new TextContent("first")), new ToolCallContentBlock(new TextContent(lines)), new ToolCallContentBlock(new TextContent("last"))],
        });
        var body = fold.Tool(1).Body;
        Assert.InRange(body.Length, 60 * 1024, 66 * 1024);
        Assert.StartsWith("```\nfirst\n```\n\n```\nline 0\nline 1\n", body);
        Assert.Matches(@"\nline \d+\n```\n\n\*Shortened: \[the whole output\]\(conv/turn/tool-0002-[0-9a-f]{12}\.md\) has 208,\d\d\d characters\.\*$", body);
        var spilled = Assert.Single(fold.Turn.Spilled);
        Assert.Contains($"(conv/turn/{spilled.File})", body);
        Assert.Equal($"```\nfirst\n```\n\n```\n{lines}```\n\n```\nlast\n```", spilled.Text);
        fold.Apply(new ToolCallUpdate("t1") { Content = [new ToolCallContentBlock(new TextContent($"{lines}more"))] });
        Assert.NotEqual(spilled.File, Assert.Single(fold.Turn.Spilled).File);
        fold.Apply(new ToolCallUpdate("t1") { Content = [new ToolCallContentBlock(new TextContent("short"))] });
        Assert.Empty(fold.Turn.Spilled);
        Assert.Equal("```\nshort\n```", fold.Tool(1).Body);
    }
}
