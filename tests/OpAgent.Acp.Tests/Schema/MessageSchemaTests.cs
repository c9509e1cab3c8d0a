using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CsCheck;

namespace OpAgent.Acp.Tests.Schema;

public sealed class MessageSchemaTests
{
    private static readonly AcpJson Json = AcpJson.Default;

    private static readonly Dictionary<string, JsonTypeInfo> Types = new()
    {
        ["InitializeRequest"] = Json.InitializeRequest,
        ["InitializeResponse"] = Json.InitializeResponse,
        ["AuthenticateRequest"] = Json.AuthenticateRequest,
        ["AuthenticateResponse"] = Json.AuthenticateResponse,
        ["LogoutRequest"] = Json.LogoutRequest,
        ["LogoutResponse"] = Json.LogoutResponse,
        ["NewSessionRequest"] = Json.NewSessionRequest,
        ["NewSessionResponse"] = Json.NewSessionResponse,
        ["LoadSessionRequest"] = Json.LoadSessionRequest,
        ["LoadSessionResponse"] = Json.LoadSessionResponse,
        ["ResumeSessionRequest"] = Json.ResumeSessionRequest,
        ["ResumeSessionResponse"] = Json.ResumeSessionResponse,
        ["CloseSessionRequest"] = Json.CloseSessionRequest,
        ["CloseSessionResponse"] = Json.CloseSessionResponse,
        ["DeleteSessionRequest"] = Json.DeleteSessionRequest,
        ["DeleteSessionResponse"] = Json.DeleteSessionResponse,
        ["ListSessionsRequest"] = Json.ListSessionsRequest,
        ["ListSessionsResponse"] = Json.ListSessionsResponse,
        ["SetSessionModeRequest"] = Json.SetSessionModeRequest,
        ["SetSessionModeResponse"] = Json.SetSessionModeResponse,
        ["SetSessionConfigOptionRequest"] = Json.SetSessionConfigOptionRequest,
        ["SetSessionConfigOptionResponse"] = Json.SetSessionConfigOptionResponse,
        ["PromptRequest"] = Json.PromptRequest,
        ["PromptResponse"] = Json.PromptResponse,
        ["CancelNotification"] = Json.CancelNotification,
        ["SessionNotification"] = Json.SessionNotification,
        ["RequestPermissionRequest"] = Json.RequestPermissionRequest,
        ["RequestPermissionResponse"] = Json.RequestPermissionResponse,
    };

    public static TheoryData<string> Definitions => [.. Types.Keys];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Deserialize_SampleOfTheSchema_LosesNothing(string definition) => Gen.Int.Sample(seed =>
    {
        var sample = new SchemaSamples(seed).Of(definition);
        Assert.Empty(AcpSchema.Validate(definition, sample));
        var json = sample!.ToJsonString();
        var message = JsonSerializer.Deserialize(json, Types[definition]);
        var written = JsonNode.Parse(JsonSerializer.Serialize(message, Types[definition]));
        Assert.Empty(AcpSchema.Validate(definition, written));
        Assert.Empty(Missing(sample, written, "$"));
    }, iter: 200);

    [Fact]
    public void Definitions_Schema_EveryMessageIsCovered()
    {
        // What only clients with files, terminals or forms of their own would send.
        string[] left = ["fs/", "terminal/", "elicitation/", "$/"];
        var messages = AcpSchema.Definitions
            .Where(name => (string?)AcpSchema.Definition(name)["x-method"] is { } method && !left.Any(prefix => method.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Equal(messages.Order(), Types.Keys.Order());
    }

    /// <summary>What of <paramref name="sent"/> is not in <paramref name="kept"/>; null and a missing property mean the same.</summary>
    private static IEnumerable<string> Missing(JsonNode? sent, JsonNode? kept, string path) => (sent, kept) switch
    {
        (null, _) => [],
        (JsonObject from, JsonObject to) => from.SelectMany(property => Missing(property.Value, to[property.Key], $"{path}.{property.Key}")),
        (JsonArray from, JsonArray to) when from.Count == to.Count =>
            from.SelectMany((item, index) => Missing(item, to[index], $"{path}[{index}]")),
        (JsonValue from, JsonValue to) when JsonNode.DeepEquals(from, to) => [],
        _ => [$"{path}: {sent.ToJsonString()} became {kept?.ToJsonString() ?? "nothing"}"],
    };
}
