using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpAgent.Acp.Json;

/// <summary>Tells the two kinds of resource contents apart by the property that only one of them has.</summary>
internal sealed class ResourceContentsConverter : JsonConverter<ResourceContents>
{
    public override ResourceContents? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject) throw new JsonException("An object was expected.");
        var type = HasText(reader) ? typeof(TextResourceContents) : typeof(BlobResourceContents);
        return (ResourceContents?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(type));
    }

    public override void Write(Utf8JsonWriter writer, ResourceContents value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));

    private static bool HasText(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) return true;
            reader.Skip();
        }
        return false;
    }
}
