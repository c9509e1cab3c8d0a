using System.Text.Json;
using System.Text.Unicode;

namespace OpAgent.Acp.Wire;

/// <summary>
/// One line taken apart in a single pass, without building objects: all spans point into the line. What <c>params</c> holds for the
/// frequent notifications is found on the way.
/// </summary>
internal ref struct Message
{
    /// <summary>The id as JSON, empty when there is none.</summary>
    public ReadOnlySpan<byte> Id { get; private set; }

    /// <summary>The method's name, empty in a response.</summary>
    public ReadOnlySpan<byte> Method { get; private set; }

    /// <summary>The parameters as JSON, empty when there are none.</summary>
    public ReadOnlySpan<byte> Params { get; private set; }

    /// <summary>The result as JSON, empty when there is none.</summary>
    public ReadOnlySpan<byte> Result { get; private set; }

    /// <summary>The error object as JSON, empty when there is none.</summary>
    public ReadOnlySpan<byte> Error { get; private set; }

    /// <summary><c>params.sessionId</c>, unescaped; empty when it is missing or no string.</summary>
    public ReadOnlySpan<byte> SessionId { get; private set; }

    /// <summary><c>params.update</c> as JSON; empty when it is missing or no object.</summary>
    public ReadOnlySpan<byte> Update { get; private set; }

    /// <summary><c>params.requestId</c> as JSON; empty when it is missing.</summary>
    public ReadOnlySpan<byte> RequestId { get; private set; }

    public readonly bool IsRequest => !Method.IsEmpty && !Id.IsEmpty;

    public readonly bool IsNotification => !Method.IsEmpty && Id.IsEmpty;

    public readonly bool IsResponse => Method.IsEmpty && !Id.IsEmpty && (!Result.IsEmpty || !Error.IsEmpty);

    /// <summary>Takes a line apart; false when it is not a message of the protocol.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out Message message)
    {
        message = default;
        // Most junk is log output: it is told apart without the cost of an exception.
        if (line.IsEmpty || line[0] is not (byte)'{' || !Utf8.IsValid(line)) return false;
        try
        {
            message.Parse(line);
            return message.IsNotification || message.IsRequest || message.IsResponse;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped half of a surrogate pair in a name or id.
            return false;
        }
    }

    private void Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("params"u8)) Params = ParseParams(ref reader, line);
            else if (reader.ValueTextEquals("method"u8)) Method = Text(ref reader);
            else if (reader.ValueTextEquals("id"u8)) Id = ParseId(ref reader, line);
            else if (reader.ValueTextEquals("result"u8)) Result = Value(ref reader, line);
            else if (reader.ValueTextEquals("error"u8)) Error = Object(ref reader, line);
            else reader.Skip();
        }
        // The reader refuses what follows the object.
        reader.Read();
    }

    private ReadOnlySpan<byte> ParseParams(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType is JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("sessionId"u8)) SessionId = Text(ref reader);
                else if (reader.ValueTextEquals("update"u8)) Update = Object(ref reader, line);
                else if (reader.ValueTextEquals("requestId"u8)) RequestId = Value(ref reader, line);
                else reader.Skip();
            }
        }
        else
        {
            reader.Skip();
        }
        return line[start..(int)reader.BytesConsumed];
    }

    private static ReadOnlySpan<byte> ParseId(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var id = Value(ref reader, line);
        return reader.TokenType is JsonTokenType.Number or JsonTokenType.String or JsonTokenType.Null
            ? id
            : throw new JsonException("An id is a number or a string.");
    }

    private static ReadOnlySpan<byte> Value(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed];
    }

    private static ReadOnlySpan<byte> Object(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var value = Value(ref reader, line);
        return reader.TokenType is JsonTokenType.EndObject ? value : default;
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        var unescaped = new byte[reader.ValueSpan.Length];
        return unescaped.AsSpan(0, reader.CopyString(unescaped));
    }
}
