using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpAgent.Acp.Folding;

/// <summary>A tool's raw input or output for people to read.</summary>
internal static class RawValue
{
    // Indentation can make deep JSON sixty times as long.
    private const int MaxIndentedBytes = 64 * 1024;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A string as its text, everything else as JSON.</summary>
    public static FencePart Write(JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.String ? FencePart.FromText(value.GetString()!) : new FencePart(Indent(value), "json");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair somewhere inside.
            return new FencePart(value.GetRawText(), "json");
        }
    }

    private static string Indent(JsonElement value)
    {
        if (JsonMarshal.GetRawUtf8Value(value).Length > MaxIndentedBytes) return value.GetRawText();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented)) value.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
