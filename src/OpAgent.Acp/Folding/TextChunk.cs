using System.Text.Json;

namespace OpAgent.Acp.Folding;

/// <summary>A piece of text as an update, read without making objects of it: of a streaming agent's updates nearly all are these.</summary>
internal ref struct TextChunk
{
    private Utf8JsonReader _text;

    public bool IsThought { get; private set; }

    public string? MessageId { get; private set; }

    /// <summary>At most so many characters.</summary>
    public readonly int MaxLength => _text.ValueSpan.Length;

    /// <summary>False for any other update, and for one that holds more than this knows of or is not as it should be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> update, out TextChunk chunk)
    {
        chunk = default;
        try
        {
            return chunk.ReadUpdate(update);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes the text, and returns how many characters it has; -1 where it holds half of a surrogate pair.</summary>
    public readonly int CopyTo(Span<char> target)
    {
        try
        {
            return _text.CopyString(target);
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    private bool ReadUpdate(ReadOnlySpan<byte> update)
    {
        var reader = new Utf8JsonReader(update);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return false;
        bool hasKind = false, hasContent = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("sessionUpdate"u8) && !hasKind)
            {
                if (!reader.Read() || reader.TokenType is not JsonTokenType.String) return false;
                IsThought = reader.ValueTextEquals("agent_thought_chunk"u8);
                if (!IsThought && !reader.ValueTextEquals("agent_message_chunk"u8)) return false;
                hasKind = true;
            }
            else if (reader.ValueTextEquals("content"u8) && !hasContent)
            {
                if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject || !ReadContent(ref reader)) return false;
                hasContent = true;
            }
            else if (reader.ValueTextEquals("messageId"u8) && MessageId is null)
            {
                if (!reader.Read() || reader.TokenType is not JsonTokenType.String) return false;
                MessageId = reader.GetString();
            }
            else
            {
                return false;
            }
        }
        return reader.TokenType is JsonTokenType.EndObject && hasKind && hasContent && !reader.Read();
    }

    private bool ReadContent(scoped ref Utf8JsonReader reader)
    {
        bool isText = false, hasText = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8) && !isText)
            {
                if (!reader.Read() || reader.TokenType is not JsonTokenType.String || !reader.ValueTextEquals("text"u8)) return false;
                isText = true;
            }
            else if (reader.ValueTextEquals("text"u8) && !hasText)
            {
                if (!reader.Read() || reader.TokenType is not JsonTokenType.String) return false;
                _text = reader;
                hasText = true;
            }
            else
            {
                return false;
            }
        }
        return isText && hasText;
    }
}
