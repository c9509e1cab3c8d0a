using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OpAgent.Acp.Folding;

/// <summary>
/// Cuts the long texts in an update that is longer than anything a turn keeps, before objects are made of it. A line may have 16 MiB, and
/// its text would take twice as much once more.
/// </summary>
internal static class LongUpdate
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxText = 2 * 1024 * 1024 - 1024;
    private const int AlwaysKept = 4 * 1024;

    /// <summary>The update itself where it is not too long, or no JSON.</summary>
    public static ReadOnlySpan<byte> Shorten(ReadOnlySpan<byte> update)
    {
        if (update.Length <= MaxBytes) return update;
        var shortened = new ArrayBufferWriter<byte>(MaxBytes);
        try
        {
            Copy(update, shortened);
            return shortened.WrittenSpan;
        }
        catch (JsonException)
        {
            return update;
        }
    }

    private static void Copy(ReadOnlySpan<byte> update, ArrayBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(update);
        var (copied, room) = (0, MaxText);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.String || reader.ValueSpan.Length <= AlwaysKept) continue;
            var kept = CutBefore(reader.ValueSpan, Math.Max(room, AlwaysKept));
            room -= kept;
            if (kept == reader.ValueSpan.Length) continue;
            var start = (int)reader.TokenStartIndex + 1;
            output.Write(update[copied..(start + kept)]);
            output.Write(Encoding.UTF8.GetBytes($" [{reader.ValueSpan.Length - kept:N0} bytes were left out here: it was too much for one update]"));
            copied = start + reader.ValueSpan.Length;
        }
        output.Write(update[copied..]);
    }

    /// <summary>Where a text can be cut without cutting a character or an escape in two.</summary>
    private static int CutBefore(ReadOnlySpan<byte> text, int length)
    {
        if (text.Length <= length) return text.Length;
        var at = 0;
        while (text[at..length].IndexOf((byte)'\\') is >= 0 and var next)
        {
            at += next;
            var size = EscapeLength(text[at..]);
            if (at + size > length) return at;
            at += size;
        }
        at = length;
        while (at > 0 && (text[at] & 0xC0) == 0x80) at--;
        return at;
    }

    /// <summary>How long an escape is; both halves of a surrogate pair are one.</summary>
    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text[1] is not (byte)'u') return 2;
        return text.Length > 3 && text[2] is (byte)'d' or (byte)'D' && text[3] is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'A' or (byte)'b' or (byte)'B' ? 12 : 6;
    }
}
