namespace OpAgent.Acp.Tests.Connections;

[Collection(nameof(MeasuredAlone))]
public sealed class EndlessLineTests
{
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
