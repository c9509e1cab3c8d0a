using System.Text;

namespace OpAgent.Acp.Tests.Connections;

public sealed class ClientJunkTests
{
    public static TheoryData<string> Junk =>
    [
        "Warning: something is deprecated",
        "[]",
        $"[{Lines.Update("in a batch")}]",
        "42",
        "\"text\"",
        "null",
        "{",
        "{}",
        "{\"level\":\"warn\",\"msg\":\"a log line\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"method\":5}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"session/request_permission\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"result\":{}}",
        Lines.Update("two objects") + Lines.Update("on a line"),
        Lines.Update("cut")[..^3],
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"s1\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"s1\",\"update\":[]}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":7,\"update\":{}}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"\\ud800\",\"update\":{}}}",
        "{\"\\ud800\":1,\"jsonrpc\":\"2.0\",\"method\":\"\\ud800\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":" + new string('[', 64) + new string(']', 64) + "}",
        new string('{', 10_000),
        "{\"a\":" + new string('[', 100_000),
    ];

    [Theory]
    [MemberData(nameof(Junk))]
    public async Task Line_NotProtocol_IsCountedAndTheSessionGoesOn(string junk)
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(Lines.Update("before"), junk, Lines.Update("after"));
        await harness.EndAsync();
        Assert.Equal([Lines.Chunk("before"), Lines.Chunk("after")], harness.Client.Updates);
        Assert.Equal(1, harness.Connection.JunkLines);
        Assert.Equal((junk, JunkReason.NotProtocol), Assert.Single(harness.Client.Junk));
    }

    [Fact]
    public async Task Line_InvalidUtf8_IsCountedAndTheSessionGoesOn()
    {
        await using var harness = new ClientHarness();
        var line = Encoding.UTF8.GetBytes(Lines.Update("a?b\n"));
        line[Array.IndexOf(line, (byte)'?')] = 0xFF;
        await harness.Agent.SendAsync([.. line, (byte)'\n']);
        await harness.Agent.SendAsync(Lines.Update("after"));
        await harness.EndAsync();
        Assert.Equal([Lines.Chunk("after")], harness.Client.Updates);
        Assert.Contains("a\uFFFDb", Assert.Single(harness.Client.Junk).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_000_000)]
    public async Task Line_AtTheLimit_IsHandledAndBeyondItDropped(int extra)
    {
        var fitting = Lines.Update(new string('x', 100_000));
        await using var harness = new ClientHarness(options: new AcpConnectionOptions { MaxLineBytes = fitting.Length });
        await harness.Agent.SendAsync(fitting, Lines.Update(new string('x', 100_000 + extra)), Lines.Update("after"));
        await harness.EndAsync();
        var isTooLong = extra > 0;
        Assert.Equal(isTooLong ? 2 : 3, harness.Client.Updates.Count);
        Assert.Equal(Lines.Chunk("after"), harness.Client.Updates.Last());
        Assert.Equal(isTooLong ? 1 : 0, harness.Connection.JunkLines);
        if (isTooLong) Assert.Equal((fitting[..1024], JunkReason.TooLong), Assert.Single(harness.Client.Junk));
    }

    [Fact]
    public async Task Line_Endless_IsDroppedWhileItArrives()
    {
        const long Length = 512L * 1024 * 1024;
        var client = new RecordingClient();
        var options = new AcpConnectionOptions { MaxLineBytes = 256 * 1024 };
        await using var connection = new AcpClientConnection(new FloodStream(Length), Stream.Null, client, options);
        var before = GC.GetTotalAllocatedBytes();
        connection.Start();
        await connection.Completion.Soon();
        Assert.Equal(JunkReason.TooLong, Assert.Single(client.Junk).Reason);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024);
    }

    /// <summary>Many bytes and no line end.</summary>
    private sealed class FloodStream(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            buffer.Span[..count].Fill((byte)'x');
            _left -= count;
            return new(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
