using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OpAgent.Acp.Json;

/// <summary>Reads a value, and null where it is not valid.</summary>
internal sealed class OrNull<T> : JsonConverter<T?> where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Lenient.TryRead<T>(ref reader, options, out var value) ? value : null;

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value!, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
}

/// <summary>Reads a value, and one with nothing set where it is null or not valid.</summary>
internal sealed class OrNew<T> : JsonConverter<T> where T : class, new()
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Lenient.TryRead<T>(ref reader, options, out var value) ? value : new T();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
}

/// <summary>Reads values that may be invalid without failing the message around them.</summary>
internal static class Lenient
{
    /// <summary>Reads one value; the reader stands at its end also when it was not valid.</summary>
    public static bool TryRead<T>(ref Utf8JsonReader reader, JsonSerializerOptions options, [NotNullWhen(true)] out T? value) where T : class
    {
        if (typeof(T) != typeof(string) && reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            value = null;
            return false;
        }
        var start = reader;
        try
        {
            value = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
            return value is not null;
        }
        catch (JsonException)
        {
            reader = start;
            reader.Skip();
            value = null;
            return false;
        }
    }
}
