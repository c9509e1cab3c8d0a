using System.Reflection;
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

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Deserialize_OnlyWhatIsRequired_LeavesNothingNullThatMayNotBe(string definition) => Gen.Int.Sample(seed =>
    {
        var sample = new SchemaSamples(seed, isMinimal: true).Of(definition)!;
        var message = JsonSerializer.Deserialize(sample.ToJsonString(), Types[definition])!;
        Assert.Empty(Nulls(message, definition));
    }, iter: 50);

    [Fact]
    public void Definitions_Schema_EveryMessageIsCovered()
    {
        // What only clients with files, terminals or forms of their own would send.
        string[] left = ["fs/", "terminal/", "elicitation/", "$/"];
        var messages = AcpSchema.Definitions
            .Where(name => (string?)AcpSchema.Definition(name)["x-method"] is { } method && !left.Any(prefix => method.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Equal(messages.Order(), Types.Keys.Order());
    }

    /// <summary>The properties that are null although their type does not allow it.</summary>
    private static IEnumerable<string> Nulls(object value, string path)
    {
        if (value is IEnumerable<AcpObject> items) return items.SelectMany((item, index) => Nulls(item, $"{path}[{index}]"));
        if (value is not AcpObject) return [];
        return value.GetType().GetProperties().Where(property => property.GetMethod is { IsStatic: false }).SelectMany(property =>
        {
            var isNullable = new NullabilityInfoContext().Create(property).ReadState is NullabilityState.Nullable;
            return property.GetValue(value) is { } inner ? Nulls(inner, $"{path}.{property.Name}") : isNullable ? [] : [$"{path}.{property.Name}"];
        });
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
