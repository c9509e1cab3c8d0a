namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>A connection over which 1 KB a second comes in, until it is released.</summary>
internal sealed class SlowStream(Stream inner) : Stream
{
    private const int BytesPerTick = 102;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly PeriodicTimer _ticks = new(Tick);
    private volatile bool _released;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>From now on it is as fast as any.</summary>
    public void Release() => _released = true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_released || buffer.IsEmpty) return await inner.ReadAsync(buffer, cancellationToken);
        await _ticks.WaitForNextTickAsync(cancellationToken);
        return await inner.ReadAsync(buffer[..Math.Min(BytesPerTick, buffer.Length)], cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _ticks.Dispose();
        if (disposing) inner.Dispose();
    }
}
