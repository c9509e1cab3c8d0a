using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpAgent.Acp.Json;

/// <summary>Keeps the tool call and the options also as they were sent.</summary>
internal sealed class RequestPermissionRequestConverter : JsonConverter<RequestPermissionRequest>
{
    public override RequestPermissionRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject) throw new JsonException("An object was expected.");
        var request = JsonElement.ParseValue(ref reader);
        var sessionId = Required(request, "sessionId").Deserialize(AcpJson.Default.String);
        var rawToolCall = Required(request, "toolCall");
        var toolCall = rawToolCall.Deserialize(AcpJson.Default.ToolCallUpdate);
        var rawOptions = Required(request, "options");
        var choices = rawOptions.Deserialize(AcpJson.Default.IReadOnlyListPermissionOption);
        if (sessionId is null || toolCall is null || choices is null || choices.Contains(null!))
            throw new JsonException("A part of the permission request is null or of the wrong type.");
        var meta = request.TryGetProperty("_meta", out var value) && value.ValueKind is JsonValueKind.Object ? value : (JsonElement?)null;
        return new RequestPermissionRequest(sessionId, toolCall, choices) { RawToolCall = rawToolCall, RawOptions = rawOptions, Meta = meta };
    }

    public override void Write(Utf8JsonWriter writer, RequestPermissionRequest value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("sessionId"u8, value.SessionId);
        writer.WritePropertyName("toolCall"u8);
        if (value.RawToolCall.ValueKind is not JsonValueKind.Undefined) value.RawToolCall.WriteTo(writer);
        else JsonSerializer.Serialize(writer, value.ToolCall, AcpJson.Default.ToolCallUpdate);
        writer.WritePropertyName("options"u8);
        if (value.RawOptions.ValueKind is not JsonValueKind.Undefined) value.RawOptions.WriteTo(writer);
        else JsonSerializer.Serialize(writer, value.Options, AcpJson.Default.IReadOnlyListPermissionOption);
        if (value.Meta is { } meta)
        {
            writer.WritePropertyName("_meta"u8);
            meta.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private static JsonElement Required(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) ? value : throw new JsonException($"'{name}' is missing.");
}
