using System.Text;
using System.Text.Json;
using CsCheck;
using OpAgent.Acp.Wire;

namespace OpAgent.Acp.Tests.Wire;

public sealed class LineReaderProperties
{
    private const int MaxLineBytes = 40;

    private static readonly string[] Pieces =
    [
        "\n", "\r\n", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0041", "\\ud800", "é", "\uFEFF", " ", "1", "null", "\"id\":1", "\"id\":\"a\"", "\"method\":\"session/update\"", "\"params\":{\"sessionId\":\"s\",\"update\":{}}",
        "\"result\":{}", "\"error\":{}", "\"params\":[]", "\"requestId\":7",
    ];

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.OneOf(Pieces).Array[0, 6].Select(pieces => "{" + string.Join(',', pieces) + "}"),
        Gen.OneOf(Pieces).Array[0, 12].Select(string.Concat),
        Gen.String[0, 30]);

    [Fact]
    public Task TryRead_AnyBytesInAnyPieces_GivesTheLines() => Gen.Select(Gen.OneOf(Gen.Byte, Gen.Const((byte)'\n')).Array[0, 300], Gen.Int[1, 50].Array[1, 20]).SampleAsync(async (bytes, pieces) =>
    {
        var reader = new LineReader(new PiecesStream(bytes, pieces), MaxLineBytes);
        var lines = new List<(string Line, bool IsTooLong)>();
        do
        {
            while (reader.TryRead(out var line, out var isTooLong)) lines.Add((Convert.ToHexString(line[..Math.Min(line.Length, MaxLineBytes)]), isTooLong));
        }
        while (await reader.FillAsync(CancellationToken.None));

        Assert.Equal(Split(bytes), lines);
        Assert.Equal(Split(bytes, whole: true).Where(line => line.IsTooLong).Sum(line => line.Line.Length / 2), reader.DroppedBytes);
    }, iter: 2_000);

    [Fact]
    public void TryParse_AnyLine_IsAMessageInJsonOrNone() => Line.Sample(text =>
    {
        var line = Encoding.UTF8.GetBytes(text);
        if (!Message.TryParse(line, out var message)) return;

        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(line).ValueKind);
        Assert.Equal(1, (message.IsRequest ? 1 : 0) + (message.IsNotification ? 1 : 0) + (message.IsResponse ? 1 : 0));
        if (!message.Update.IsEmpty) Assert.Equal(JsonValueKind.Object, JsonElement.Parse(message.Update).ValueKind);
    }, iter: 20_000);

    private static IEnumerable<(string Line, bool IsTooLong)> Split(byte[] bytes, bool whole = false)
    {
        while (bytes.Length > 0)
        {
            var end = Array.IndexOf(bytes, (byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            yield return (Convert.ToHexString(whole ? line : line[..Math.Min(line.Length, MaxLineBytes)]), line.Length > MaxLineBytes);
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }
    }

    /// <summary>Gives bytes in pieces, as a pipe might.</summary>
    private sealed class PiecesStream(byte[] bytes, int[] pieces) : MemoryStream(bytes)
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_reads++ % pieces.Length])], cancellationToken);
    }
}
