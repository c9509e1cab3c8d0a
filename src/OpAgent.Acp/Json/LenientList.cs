using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OpAgent.Acp.Json;

/// <summary>Reads a list and leaves out its invalid items; null where something other than a list stands.</summary>
internal class ListOrNull<T> : JsonConverter<IReadOnlyList<T>?> where T : class
{
    // Each invalid item costs an exception; a hostile list must not cost millions of them.
    private const int MaxInvalidItems = 100;

    public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }
        var items = new List<T>();
        var invalid = 0;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (invalid >= MaxInvalidItems || reader.TokenType is JsonTokenType.Null) reader.Skip();
            else if (Lenient.TryRead<T>(ref reader, options, out var item)) items.Add(item);
            else invalid++;
        }
        return items;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T>? value, JsonSerializerOptions options)
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value!) JsonSerializer.Serialize(writer, item, type);
        writer.WriteEndArray();
    }
}

/// <summary>Reads a list and leaves out its invalid items; empty where something other than a list stands.</summary>
internal sealed class ListOrEmpty<T> : ListOrNull<T> where T : class
{
    public override bool HandleNull => true;

    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        base.Read(ref reader, typeToConvert, options) ?? [];
}

/// <summary>Reads a list whose items must all be valid; empty where null stands.</summary>
internal sealed class StrictList<T> : JsonConverter<IReadOnlyList<T>> where T : class
{
    public override bool HandleNull => true;

    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null) return [];
        if (reader.TokenType is not JsonTokenType.StartArray) throw new JsonException("A list was expected.");
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = new List<T>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            items.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("An item of the list is null or of the wrong type."));
        return items;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value) JsonSerializer.Serialize(writer, item, type);
        writer.WriteEndArray();
    }
}
