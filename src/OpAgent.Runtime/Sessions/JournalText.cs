using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpAgent.Runtime.Sessions;

/// <summary>How an event's line is written and its head read again. The order of the first members is fixed: seq, at, kind, turn.</summary>
internal static class JournalText
{
    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq"), At = JsonEncodedText.Encode("at"), Kind = JsonEncodedText.Encode("kind"), Turn = JsonEncodedText.Encode("turn");

    /// <summary>Lines are data for programs, never markup, so text in any script stays readable.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void WriteHead(Utf8JsonWriter writer, long seq, DateTimeOffset at, string kind, Guid? turn)
    {
        writer.WriteNumber(Seq, seq);
        Span<byte> time = stackalloc byte[32];
        writer.WriteString(At, time[..FormatTime(at, time)]);
        writer.WriteString(Kind, kind);
        if (turn is { } id) writer.WriteString(Turn, id);
    }

    /// <summary>Writes an update's line without a JSON writer: this is the path that a streaming agent takes for every chunk.</summary>
    public static void WriteUpdate(IBufferWriter<byte> output, long seq, DateTimeOffset at, Guid? turn, ReadOnlySpan<byte> update)
    {
        const int headBytes = 160;
        var span = output.GetSpan(headBytes + update.Length);
        var used = 0;
        Copy("{\"seq\":"u8, span, ref used);
        Utf8Formatter.TryFormat(seq, span[used..], out var count);
        used += count;
        Copy(",\"at\":\""u8, span, ref used);
        used += FormatTime(at, span[used..]);
        Copy("\",\"kind\":\"update\","u8, span, ref used);
        if (turn is { } id)
        {
            Copy("\"turn\":\""u8, span, ref used);
            Utf8Formatter.TryFormat(id, span[used..], out count);
            used += count;
            Copy("\","u8, span, ref used);
        }

        Copy("\"update\":"u8, span, ref used);
        var start = used;
        Copy(update, span, ref used);
        // White space between tokens may hold a carriage return, which would end a line of a server-sent event.
        span[start..used].Replace((byte)'\r', (byte)' ');
        Copy("}"u8, span, ref used);
        output.Advance(used);
    }

    /// <summary>Reads number and kind of a line, or nothing where it is not an event's line.</summary>
    public static JournalEvent? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line.Span);
            long? seq = null;
            string? kind = null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while ((seq is null || kind is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isSeq = reader.ValueTextEquals(Seq.EncodedUtf8Bytes);
                var isKind = reader.ValueTextEquals(Kind.EncodedUtf8Bytes);
                reader.Read();
                if (isSeq) seq = reader.GetInt64();
                else if (isKind) kind = KnownKind(ref reader);
                else reader.Skip();
            }

            return seq is { } number && kind is not null ? new JournalEvent(number, kind, line) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The turn of an event that belongs to one.</summary>
    public static Guid TurnOf(JournalEvent entry) => JsonSerializer.Deserialize(entry.Data.Span, JournalJson.Default.JournalLine)!.Turn;

    private static string KnownKind(ref Utf8JsonReader reader) => reader.ValueTextEquals("update"u8) ? EventKind.Update : reader.GetString()!;

    private static int FormatTime(DateTimeOffset at, Span<byte> output)
    {
        // 2026-11-22T15:29:05.123Z, from the format that has four digits more: one made to measure takes several times as long.
        const int toMilliseconds = 23;
        at.UtcDateTime.TryFormat(output, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        output[toMilliseconds] = (byte)'Z';
        return toMilliseconds + 1;
    }

    private static void Copy(ReadOnlySpan<byte> bytes, Span<byte> output, ref int used)
    {
        bytes.CopyTo(output[used..]);
        used += bytes.Length;
    }
}
