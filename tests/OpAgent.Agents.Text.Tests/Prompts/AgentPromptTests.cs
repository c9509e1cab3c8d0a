using System.Text.Json;
using OpAgent.Acp;
using OpAgent.Agents.Text.Prompts;

namespace OpAgent.Agents.Text.Tests.Prompts;

public sealed class AgentPromptTests
{
    [Fact]
    public void Read_Transcript_IsNoPartOfThePrompt()
    {
        var meta = JsonDocument.Parse("""{"opagent":{"transcript":true}}""").RootElement;
        var prompt = AgentPrompt.Read([new TextContent("alice:\nearlier") { Meta = meta }, new TextContent("now")]);
        Assert.Equal("now", prompt.Text);
    }

    [Theory]
    [InlineData("""{"opagent":{"transcript":false}}""")]
    [InlineData("""{"opagent":true}""")]
    [InlineData("""{"other":1}""")]
    [InlineData("null")]
    public void Read_OtherMeta_IsPartOfThePrompt(string meta) =>
        Assert.Equal("text", AgentPrompt.Read([new TextContent("text") { Meta = JsonDocument.Parse(meta).RootElement }]).Text);

    [Theory]
    [InlineData("file:///home/alice/a%20b.md", "/home/alice/a b.md")]
    [InlineData("docs/a.md", "docs/a.md")]
    [InlineData("https://example.org/a.md", null)]
    public void Read_ResourceLink_IsAnAttachment(string uri, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], AgentPrompt.Read([new ResourceLink("a", uri)]).Attachments);
}
