using System.Text.Json.Nodes;

namespace OpAgent.Acp.Tests.Schema;

/// <summary>The validator itself: a test that accepts everything proves nothing.</summary>
public sealed class AcpSchemaTests
{
    [Theory]
    [InlineData("PromptResponse", """{"stopReason":"done"}""", "$.stopReason fits 0 of oneOf")]
    [InlineData("PromptResponse", """{}""", "$.stopReason is missing")]
    [InlineData("PromptResponse", """{"stopReason":"end_turn","stopreason":1}""", "$.stopreason is not in the schema")]
    [InlineData("PromptResponse", """[]""", "$ is not of type \"object\"")]
    [InlineData("SessionNotification", """{"sessionId":"s","update":{"sessionUpdate":"plan","entries":[],"entires":[]}}""", "$.update.entires is not in the schema")]
    [InlineData("SessionNotification", """{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text"}}}""", "$.update fits 0 of oneOf")]
    [InlineData("InitializeRequest", """{"protocolVersion":70000}""", "$.protocolVersion is more than 65535")]
    [InlineData("UsageUpdate", """{"used":-1,"size":1.5}""", "$.used is less than 0")]
    [InlineData("UsageUpdate", """{"used":1,"size":1.5}""", "$.size is not of type \"integer\"")]
    public void Validate_WrongValue_SaysWhatIsWrong(string definition, string json, string error) =>
        Assert.Contains(error, AcpSchema.Validate(definition, JsonNode.Parse(json)));
}
