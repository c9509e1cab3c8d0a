using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpAgent.Acp.Json;

/// <summary>Reads JSON strings that <see cref="Utf8JsonReader.GetString"/> refuses.</summary>
internal static class JsonText
{
    /// <summary>
    /// The string at the reader. Half of a surrogate pair is kept as it is: agents that stream by UTF-16 units cut a pair in two,
    /// and the halves meet again when the chunks are appended.
    /// </summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        }
    }

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (!escaped.IsEmpty)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0) backslash = escaped.Length;
            text.Append(Encoding.UTF8.GetString(escaped[..backslash]));
            escaped = escaped[backslash..];
            if (escaped.IsEmpty) break;
            var length = escaped[1] is (byte)'u' ? 6 : 2;
            text.Append(length is 6 ? CodeUnit(escaped[2..6]) : Short(escaped[1]));
            escaped = escaped[length..];
        }
        return text.ToString();
    }

    private static char CodeUnit(ReadOnlySpan<byte> hex) => (char)ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static char Short(byte letter) => (char)letter switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        var itself => itself,
    };
}
