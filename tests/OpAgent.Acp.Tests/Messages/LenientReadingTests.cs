using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpAgent.Acp.Tests.Messages;

public sealed class LenientReadingTests
{
    private static readonly AcpJson Json = AcpJson.Default;

    [Theory]
    [InlineData("""{"protocolVersion":1,"agentCapabilities":7,"authMethods":{},"agentInfo":"x","_meta":[]}""")]
    [InlineData("""{"protocolVersion":1,"agentCapabilities":null,"authMethods":null,"agentInfo":{"name":"x"},"_meta":null}""")]
    [InlineData("""{"protocolVersion":1,"agentCapabilities":{"loadSession":"yes","promptCapabilities":[],"sessionCapabilities":{"list":true},"auth":{"logout":[]}}}""")]
    public void Initialize_WrongOptionalFields_FallBackToTheirDefaults(string json) =>
        Assert.Equal(Write(new InitializeResponse(1), Json.InitializeResponse), Write(Read(json, Json.InitializeResponse), Json.InitializeResponse));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"protocolVersion":null}""")]
    [InlineData("""{"protocolVersion":"1"}""")]
    [InlineData("""{"protocolVersion":1.5}""")]
    [InlineData("""[1]""")]
    public void Initialize_WrongRequiredField_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => Read(json, Json.InitializeResponse));

    [Theory]
    [InlineData("""{"sessionId":5,"prompt":[]}""")]
    [InlineData("""{"sessionId":null,"prompt":[]}""")]
    [InlineData("""{"sessionId":"s","prompt":[{"type":"image","data":5,"mimeType":"x"}]}""")]
    [InlineData("""{"sessionId":"s","prompt":[null]}""")]
    [InlineData("""{"sessionId":"s","prompt":{}}""")]
    public void Prompt_WrongRequiredField_IsRefused(string json) => Assert.Throws<JsonException>(() => Read(json, Json.PromptRequest));

    [Fact]
    public void List_InvalidItems_AreLeftOut()
    {
        var session = Read(
            """
            {"sessionId":"s","configOptions":[
              {"id":"a","name":"A","type":"boolean","currentValue":true},{"id":"b","name":"B","type":"slider","currentValue":3},7,null,{"type":"boolean"},
              {"id":"c","name":"C","type":"boolean","currentValue":"yes"},
              {"currentValue":"x","options":[{"value":"x","name":"X"},{"value":"y"}],"id":"d","name":"D","category":9,"type":"select","$ref":1}],
             "modes":{"currentModeId":"m","availableModes":["x",{"id":"m","name":"M"}]}}
            """, Json.NewSessionResponse);
        Assert.Equal(["a", "d"], session.ConfigOptions!.Select(option => option.Id));
        Assert.Equal("X", Assert.Single(Assert.IsType<SelectConfigOption>(session.ConfigOptions![1]).Options.All).Name);
        Assert.Equal("M", Assert.Single(session.Modes!.AvailableModes).Name);
    }

    [Fact]
    public void List_ManyInvalidItems_DoNotCostAnExceptionEach()
    {
        var items = string.Join(',', Enumerable.Repeat("{}", 1_000_000));
        var list = Read($$"""{"sessions":[{"sessionId":"first","cwd":"/"},{{items}},{"sessionId":"last","cwd":"/"}]}""", Json.ListSessionsResponse);
        Assert.Equal("first", Assert.Single(list.Sessions).SessionId);
    }

    [Fact]
    public void Choices_Grouped_AreKeptInTheirGroups()
    {
        const string Json = """{"type":"select","id":"m","name":"Model","currentValue":"a","options":[{"group":"g","name":"G","options":[{"value":"a","name":"A"}]},{"group":"h","name":"H","options":[]}]}""";
        var option = Assert.IsType<SelectConfigOption>(Read(Json, AcpJson.Default.SessionConfigOption));
        Assert.Equal(["g", "h"], option.Options.Groups.Select(group => group.Group));
        Assert.Equal("A", Assert.Single(option.Options.All).Name);
        Assert.Empty(option.Options.Ungrouped);
    }

    [Theory]
    [InlineData("""{"type":"hologram","data":[1,2],"$id":"x"}""")]
    [InlineData("""{"data":1}""")]
    [InlineData("""{"type":5}""")]
    public void Content_UnknownKind_IsKeptAsItIs(string json)
    {
        var content = Assert.IsType<UnknownContent>(Read(json, Json.ContentBlock));
        Assert.Equal(json, Write<ContentBlock>(content, Json.ContentBlock));
    }

    [Fact]
    public void Content_TagAtTheEndAndUnknownKeys_IsUnderstood()
    {
        var text = Read("""{"nested":{"type":"image"},"text":"hi","$schema":"x","type":"text"}""", Json.ContentBlock);
        Assert.Equal(new TextContent("hi"), text);
    }

    [Fact]
    public void Update_UnknownKind_IsKeptAsItIs()
    {
        var update = Assert.IsType<UnknownSessionUpdate>(SessionUpdate.TryParse("""{"sessionUpdate":"news","x":[1]}"""u8));
        Assert.Equal("""{"sessionUpdate":"news","x":[1]}""", Write<SessionUpdate>(update, Json.SessionUpdate));
    }

    [Fact]
    public void ToolCallUpdate_AloneOrAsAnUpdate_HasItsTagOnlyAsAnUpdate()
    {
        var update = new ToolCallUpdate("t1") { Status = ToolCallStatus.Completed };
        Assert.Equal("""{"toolCallId":"t1","status":"completed"}""", Write(update, Json.ToolCallUpdate));
        Assert.Equal("""{"sessionUpdate":"tool_call_update","toolCallId":"t1","status":"completed"}""", Write<SessionUpdate>(update, Json.SessionUpdate));
    }

    [Fact]
    public void McpServer_UnknownTransport_IsLeftOut()
    {
        var request = Read(
            """{"cwd":"/","mcpServers":[{"type":"carrier-pigeon","name":"p"},{"type":"http","name":"h","url":"u","headers":null},{"name":"s","command":"/s","args":[],"env":[]}]}""",
            Json.NewSessionRequest);
        Assert.Equal([typeof(McpServerHttp), typeof(McpServerStdio)], request.McpServers.Select(server => server.GetType()));
    }

    [Fact]
    public void AuthMethod_Variables_ThatAreNoStringsAreLeftOut()
    {
        var method = Assert.IsType<TerminalAuthMethod>(
            Read("""{"type":"terminal","id":"i","name":"n","args":["a",5],"env":{"A":"b","C":7,"\ud800":"x"}}""", Json.AuthMethod));
        Assert.Equal(["a"], method.Args);
        Assert.Equal(["A", "\ud800"], method.Env.Keys);
    }

    private static T Read<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;

    private static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);
}
