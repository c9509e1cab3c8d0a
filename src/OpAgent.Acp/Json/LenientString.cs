using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpAgent.Acp.Json;

/// <summary>
/// Reads a string, and null where something else stands. Nullability then decides what that means: an optional property falls back
/// to its default, a required one makes the message invalid.
/// </summary>
internal sealed class LenientString : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String) return JsonText.Read(ref reader);
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
