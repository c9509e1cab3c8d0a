using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpAgent.Acp.Json;

/// <summary>
/// Reads and writes a family of records that a string property tells apart. The built-in polymorphism is not used because it refuses
/// unknown tags and every key that begins with <c>$</c>, both of which a peer may send.
/// </summary>
/// <param name="tagName">The property that names the kind.</param>
internal abstract class TaggedConverter<TBase>(string tagName) : JsonConverter<TBase> where TBase : class
{
    private static readonly JsonEncodedText NoTag = default;

    private readonly JsonEncodedText _tagName = JsonEncodedText.Encode(tagName);
    private readonly List<(JsonEncodedText Tag, Type Type)> _kinds = [];

    /// <summary>The record for an object whose tag is missing or unknown; null when <see cref="ReadUnknown"/> decides.</summary>
    protected Type? Untagged { get; init; }

    protected void Add<T>(string tag) where T : TBase => _kinds.Add((JsonEncodedText.Encode(tag), typeof(T)));

    /// <summary>Makes the record for an object of an unknown kind.</summary>
    protected virtual TBase ReadUnknown(JsonElement raw) =>
        throw new JsonException($"The value of '{tagName}' is missing or not known.");

    /// <summary>The object as it was read when its kind was not known; null for the known kinds.</summary>
    protected virtual JsonElement? RawOf(TBase value) => null;

    public sealed override TBase? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject) throw new JsonException("An object was expected.");
        var type = FindType(reader) ?? Untagged;
        return type is null
            ? ReadUnknown(JsonElement.ParseValue(ref reader))
            : (TBase?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(type));
    }

    public sealed override void Write(Utf8JsonWriter writer, TBase value, JsonSerializerOptions options)
    {
        if (RawOf(value) is { } raw)
        {
            raw.WriteTo(writer);
            return;
        }
        var tag = TagOf(value.GetType());
        var body = new ArrayBufferWriter<byte>(256);
        using (var inner = new Utf8JsonWriter(body, AcpJson.WriterOptions))
            JsonSerializer.Serialize(inner, value, options.GetTypeInfo(value.GetType()));
        if (tag.Equals(NoTag))
            writer.WriteRawValue(body.WrittenSpan, skipInputValidation: true);
        else
            WriteWithTag(writer, tag, body.WrittenSpan);
    }

    /// <summary>Writes the object <paramref name="body"/> with the tag as its first property.</summary>
    private void WriteWithTag(Utf8JsonWriter writer, JsonEncodedText tag, ReadOnlySpan<byte> body)
    {
        var spliced = new ArrayBufferWriter<byte>(body.Length + 64);
        spliced.Write("{\""u8);
        spliced.Write(_tagName.EncodedUtf8Bytes);
        spliced.Write("\":\""u8);
        spliced.Write(tag.EncodedUtf8Bytes);
        spliced.Write(body is [_, (byte)'}'] ? "\""u8 : "\","u8);
        spliced.Write(body[1..]);
        writer.WriteRawValue(spliced.WrittenSpan, skipInputValidation: true);
    }

    private JsonEncodedText TagOf(Type type)
    {
        foreach (var kind in _kinds)
            if (kind.Type == type)
                return kind.Tag;
        return NoTag;
    }

    /// <summary>Looks for the tag in a copy of the reader, so that it may stand anywhere in the object.</summary>
    private Type? FindType(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isTag = reader.ValueTextEquals(_tagName.EncodedUtf8Bytes);
            reader.Read();
            if (isTag) return reader.TokenType is JsonTokenType.String ? TypeFor(ref reader) : null;
            reader.Skip();
        }
        return null;
    }

    private Type? TypeFor(ref Utf8JsonReader reader)
    {
        foreach (var kind in _kinds)
            if (reader.ValueTextEquals(kind.Tag.EncodedUtf8Bytes))
                return kind.Type;
        return null;
    }
}
