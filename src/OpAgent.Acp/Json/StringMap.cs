using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpAgent.Acp.Json;

/// <summary>Reads an object of strings and leaves out what is none; empty where something other than an object stands.</summary>
internal sealed class StringMap : JsonConverter<IReadOnlyDictionary<string, string>>
{
    public override bool HandleNull => true;

    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var map = new Dictionary<string, string>();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return map;
        }
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            if (reader.TokenType is JsonTokenType.String) map[name] = JsonText.Read(ref reader);
            else reader.Skip();
        }
        return map;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value) writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}
