namespace OpAgent.Acp.Wire;

/// <summary>A stream that begins with what another connection had read from it and not used. The stream is not owned.</summary>
internal sealed class RestoredStream(Stream stream, ReadOnlyMemory<byte>? unread) : Stream
{
    /// <summary>What is still to be read before the stream itself.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = unread ?? default;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Rest.IsEmpty) return stream.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, Rest.Length);
        Rest[..count].CopyTo(buffer);
        Rest = Rest[count..];
        return new(count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
