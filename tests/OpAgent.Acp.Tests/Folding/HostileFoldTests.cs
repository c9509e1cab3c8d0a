using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OpAgent.Acp.Folding;
using OpAgent.Acp.Tests.Schema;
using OpAgent.Core;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Tests.Folding;

public sealed class HostileFoldTests
{
    [Fact]
    public void Apply_AnyUpdates_NothingThrowsAndTheFileShowsTheSame() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var fold = new Fold();
        for (var i = 0; i < 20; i++)
        {
            var update = new SchemaSamples(random.Next()).Of("SessionUpdate")!;
            if (random.Next(3) is 0) Damage(update, random);
            fold.Apply(update.ToJsonString());
        }
        var turn = new Turn(Guid.NewGuid(), "agent@1.0.0", Fold.Begin) { Blocks = fold.Turn.Blocks };
        Assert.Equal(turn.Blocks, turn.Normalized().Blocks);
        var conversation = new Conversation(new ConversationHeader(Guid.NewGuid(), "t", "agent@1.0.0", Fold.Begin)) { Turns = [turn] };
        Assert.Equal(turn.Blocks, ConversationMarkdown.Parse(ConversationMarkdown.Write(conversation)).Conversation!.Turns[0].Blocks);
    }, iter: 500);

    [Fact]
    public void Apply_AnyTextInAnyForm_IsReadAsTheProtocolReadsIt() => Gen.Select(Gen.String[0, 30], Gen.Bool, Gen.Bool, Gen.Int[0, 3]).Sample((text, isThought, escaped, extra) =>
    {
        var json = escaped ? System.Text.Json.JsonSerializer.Serialize(text) : $"\"{System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
        // A member that nobody knows makes it be read in the general way.
        var expected = new Fold().Apply(Update("\"x\":1,", "", json, isThought));
        var actual = new Fold().Apply(Update(extra == 1 ? "\"messageId\":\"m\"," : "", extra == 2 ? "\"type\":\"text\"," : "", json, isThought));
        if (extra != 2) Assert.Equal(expected.Blocks, actual.Blocks);
    }, iter: 2_000);

    [Fact]
    public void Apply_AnyBytes_NothingThrows() => Gen.Byte.Array[0, 200].Sample(bytes => new TurnFold("/work").Apply(bytes, Fold.Begin), iter: 1_000);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"sessionUpdate\":[]}")]
    [InlineData("{\"sessionUpdate\":\"tool_call\"}")]
    [InlineData("{\"sessionUpdate\":\"tool_call\",\"toolCallId\":null,\"title\":\"x\"}")]
    [InlineData("{\"sessionUpdate\":\"agent_message_chunk\",\"content\":\"text\"}")]
    [InlineData("{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":5}}")]
    [InlineData("{\"sessionUpdate\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1,\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}")]
    public void Apply_InvalidUpdate_IsIgnored(string update) => Assert.Equal(0, new Fold().Apply(update).Turn.Version);

    [Fact]
    public void Apply_TenThousandToolCalls_AreAllThere()
    {
        var fold = new Fold();
        for (var i = 0; i < 10_000; i++)
        {
            fold.Apply(new ToolCall($"t{i}", "Read") { Kind = ToolKind.Read });
            fold.Apply(new ToolCallUpdate($"t{i}") { Status = "completed" });
            if (i % 100 is 0) Assert.Equal(i + 1, fold.Blocks.Count);
        }
        Assert.Equal(10_000, fold.Blocks.Count(block => block is ToolBlock { Status: "completed", Milliseconds: 1_000 }));
    }

    [Fact]
    public void Apply_EndlessText_IsCutVisibly()
    {
        var fold = new Fold();
        var chunk = new string('x', 1024 * 1024);
        for (var i = 0; i < 20; i++) fold.Say(chunk);
        var text = Assert.IsType<TextBlock>(Assert.Single(fold.Blocks)).Text;
        Assert.EndsWith("x\n\n*[The rest was cut off: the agent wrote 18,874,368 characters more than are kept.]*", text);
        Assert.InRange(text.Length, 2 * 1024 * 1024, 2 * 1024 * 1024 + 100);
        var version = fold.Turn.Version;
        fold.Say(chunk);
        Assert.Equal(version, fold.Turn.Version);
        fold.Turn.Finish(Fold.Begin);
        Assert.Contains("wrote 19,922,944 characters more", Assert.IsType<TextBlock>(Assert.Single(fold.Blocks)).Text);
    }

    [Fact]
    public void Apply_EndlessBlocks_AreCutVisibly()
    {
        var fold = new Fold();
        for (var i = 0; i < 15_000; i++)
        {
            fold.Say("text");
            fold.Think("thought");
        }
        Assert.Equal(12_001, fold.Blocks.Count);
        Assert.Equal("output-cut", Assert.IsType<NoticeBlock>(fold.Blocks[^1]).Kind);
        fold.Turn.AddNotice("agent-exited", "The agent exited");
        Assert.Equal(12_002, fold.Blocks.Count);
        fold.Turn.Finish(Fold.Begin);
        Assert.EndsWith(": 18,000 updates were left out.", Assert.IsType<NoticeBlock>(fold.Blocks[^2]).Summary);
    }

    [Fact]
    public void Apply_EndlessOutputInManyCalls_IsCutVisibly()
    {
        var fold = new Fold();
        var output = new string('x', 1024 * 1024);
        for (var i = 0; i < 100; i++) fold.Apply(new ToolCall($"t{i}", "x") { Content = [new ToolCallContentBlock(new TextContent(output))] });
        var kept = fold.Turn.Spilled.Sum(spilled => (long)spilled.Text.Length);
        Assert.InRange(kept, 3L * 1024 * 1024, 5L * 1024 * 1024);
        Assert.IsType<NoticeBlock>(fold.Blocks[^1]);
        // What the agent says has room of its own.
        fold.Say("more");
        Assert.Equal(new TextBlock("more"), fold.Blocks[^1]);
        // Replacing output by less makes room again.
        for (var i = 0; i < 3; i++) fold.Apply(new ToolCallUpdate($"t{i}") { Content = [] });
        fold.Apply(new ToolCall("late", "late"));
        Assert.Equal("late", Assert.IsType<ToolBlock>(fold.Blocks[^1]).Id);
    }

    [Fact]
    public void Apply_OutputOfOneCallBeyondTheLimit_IsCutVisibly()
    {
        var fold = new Fold().Apply(new ToolCall("t1", "x") { Content = [new ToolCallContentBlock(new TextContent(new string('x', 3 * 1024 * 1024)))] });
        var spilled = Assert.Single(fold.Turn.Spilled);
        Assert.InRange(spilled.Text.Length, 2 * 1024 * 1024 - 200, 2 * 1024 * 1024 + 200);
        Assert.EndsWith("*[The rest was cut off: the agent sent more than is kept.]*", spilled.Text);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("\\n")]
    [InlineData("\\ud83d\\ude00")]
    [InlineData("\\\\")]
    [InlineData("a\\u00e9")]
    public void Apply_UpdateLongerThanATurn_KeepsItsBeginning(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 9 * 1024 * 1024 / piece.Length));
        var fold = new Fold().Apply($$$"""{"sessionUpdate":"tool_call_update","toolCallId":"t1","content":[{"type":"content","content":{"type":"text","text":"{{{text}}}"}}],"rawOutput":"{{{text}}}","status":"completed"}""");
        Assert.Equal("completed", fold.Tool().Status);
        Assert.Contains("bytes were left out here", Assert.Single(fold.Turn.Spilled).Text);
    }

    [Fact]
    public void Apply_OutputRepeatedWithEveryUpdate_IsHeldOnce()
    {
        var fold = new Fold();
        var output = new string('x', 1024 * 1024);
        for (var i = 0; i < 100; i++) fold.Apply(new ToolCallUpdate("t1") { Content = [new ToolCallContentBlock(new TextContent(output))] });
        Assert.DoesNotContain("cut off", Assert.Single(fold.Turn.Spilled).Text);
    }

    [Fact]
    public void Apply_EnormousIdTitleAndPath_AreShortened()
    {
        var huge = new string('x', 1_000_000);
        var fold = new Fold().Apply(new ToolCall(huge, huge) { Locations = [new ToolCallLocation($"/{huge}")] }).Apply(new ToolCallUpdate(huge) { Status = "completed" });
        var tool = fold.Tool();
        Assert.Equal((200, 500, "completed", null), (tool.Id.Length, tool.Title.Length, tool.Status, tool.Path));
        fold.Apply(new Plan([.. Enumerable.Range(0, 5_000).Select(_ => new OpAgent.Acp.PlanEntry(huge[..2_000], "high", "pending"))]));
        var plan = Assert.IsType<PlanBlock>(fold.Blocks[^1]);
        Assert.Equal((1_000, 1_000), (plan.Entries.Count, plan.Entries[0].Content.Length));
    }

    [Fact]
    public void Apply_DeepRawValue_IsNotBlownUp()
    {
        var deep = $"{new string('[', 50)}{string.Join(',', Enumerable.Repeat("1", 500_000))}{new string(']', 50)}";
        var fold = new Fold().Apply($$"""{"sessionUpdate":"tool_call","toolCallId":"t1","title":"x","rawInput":{{deep}}}""");
        Assert.InRange(Assert.Single(fold.Turn.Spilled).Text.Length, 1_000_000, 1_001_000);
    }

    private static string Update(string member, string contentMember, string text, bool isThought) =>
        $"{{{member}\"content\":{{{contentMember}\"text\":{text},\"type\":\"text\"}},\"sessionUpdate\":\"agent_{(isThought ? "thought" : "message")}_chunk\"}}";

    /// <summary>Puts something of another type into one place of the update.</summary>
    private static void Damage(JsonNode node, Random random)
    {
        while (node is JsonObject { Count: > 0 } properties)
        {
            var (name, value) = properties.ElementAt(random.Next(properties.Count));
            if (value is JsonObject && random.Next(2) is 0)
            {
                node = value;
                continue;
            }
            properties[name] = random.Next(4) switch { 0 => null, 1 => 17, 2 => new JsonArray("x", 1, null), _ => new JsonObject { ["type"] = "x" } };
            return;
        }
    }
}
