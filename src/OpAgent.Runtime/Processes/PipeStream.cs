using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>
/// One end of a pipe to a process, without a thread of its own. One reader or one writer at a time.
/// Reading gives 0 at the end of the stream and after <see cref="Stream.Dispose()"/>; writing to a pipe nobody reads throws <see cref="IOException"/>.
/// </summary>
internal sealed partial class PipeStream : Stream, IValueTaskSource
{
    private readonly PipeReactor _reactor;
    private readonly long _id;
    private ManualResetValueTaskSourceCore<bool> _ready = new() { RunContinuationsAsynchronously = true };
    private readonly Lock _gate = new();
    private TaskCompletionSource? _hold;
    private long _transferred;
    private int _waiting;
    private volatile bool _disposed;

    public PipeStream(PipeReactor reactor, SafeFileHandle handle)
    {
        _reactor = reactor;
        Handle = handle;
        // The other end has its own open file description and stays blocking.
        if (fcntl(handle, 4 /* F_SETFL */, LibC.O_NONBLOCK) != 0) throw PosixException.Last("fcntl");
        _id = reactor.Register(this);
    }

    internal SafeFileHandle Handle { get; }

    /// <summary>Told of every byte that was read; must return quickly.</summary>
    internal Action<int>? Received { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_disposed) return 0;
            if (Held is { } hold)
            {
                await hold.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (TryRead(buffer.Span, out var count))
            {
                Received?.Invoke(count);
                return count;
            }

            await WaitAsync(write: false, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Held is { } hold) await hold.WaitAsync(cancellationToken).ConfigureAwait(false);
            else if (TryWrite(buffer.Span, out var count)) buffer = buffer[count..];
            else await WaitAsync(write: true, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Lets nothing pass from here on; whoever reads or writes waits.</summary>
    /// <returns>How many bytes have passed so far.</returns>
    internal long Hold()
    {
        lock (_gate)
        {
            _hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _transferred;
        }
    }

    /// <summary>Ends a hold.</summary>
    internal void Release()
    {
        lock (_gate)
        {
            _hold?.TrySetResult();
            _hold = null;
        }
    }

    internal void OnReady()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 1) _ready.SetResult(true);
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed) return;
        _disposed = true;
        _reactor.Unregister(this, _id);
        Handle.Dispose();
        Release();
        OnReady();
    }

    void IValueTaskSource.GetResult(short token) => _ready.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _ready.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ready.OnCompleted(continuation, state, token, flags);

    private async ValueTask WaitAsync(bool write, CancellationToken cancellationToken)
    {
        _ready.Reset();
        Volatile.Write(ref _waiting, 1);
        // Cancelling wakes the wait; the loop above then sees the token.
        await using var registration = cancellationToken.UnsafeRegister(static stream => ((PipeStream)stream!).OnReady(), this).ConfigureAwait(false);
        try
        {
            _reactor.Arm(this, _id, write);
        }
        catch (ObjectDisposedException)
        {
            OnReady();
        }

        if (_disposed) OnReady();
        await new ValueTask(this, _ready.Version).ConfigureAwait(false);
    }

    private Task? Held
    {
        get
        {
            lock (_gate) return _hold?.Task;
        }
    }

    private unsafe bool TryRead(Span<byte> buffer, out int count)
    {
        fixed (byte* pointer = buffer) return TryTransfer(pointer, buffer.Length, read: true, out count);
    }

    private unsafe bool TryWrite(ReadOnlySpan<byte> buffer, out int count)
    {
        fixed (byte* pointer = buffer) return TryTransfer(pointer, buffer.Length, read: false, out count);
    }

    /// <returns>False when the pipe has nothing to read or no room to write, or is held.</returns>
    private unsafe bool TryTransfer(byte* pointer, int length, bool read, out int count)
    {
        lock (_gate)
        {
            count = 0;
            if (_hold is not null || !TryTransferLocked(pointer, length, read, out count)) return false;
            _transferred += count;
            return true;
        }
    }

    private unsafe bool TryTransferLocked(byte* pointer, int length, bool read, out int count)
    {
        while (true)
        {
            nint result;
            try
            {
                result = read ? LibC.read(Handle, pointer, length) : LibC.write(Handle, pointer, length);
            }
            catch (ObjectDisposedException) when (read)
            {
                count = 0;
                return true;
            }

            count = (int)result;
            if (result >= 0) return true;
            switch (Marshal.GetLastPInvokeError())
            {
                case LibC.EINTR: continue;
                case LibC.EAGAIN: return false;
                default: throw PosixException.Last(read ? "read" : "write");
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle fd, int command, int argument);
}
