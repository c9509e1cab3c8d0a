using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// The append-only record of one conversation: every event gets the next number and one line, before anybody is told.
/// Followers read the file itself (<see cref="JournalReader"/>), so the slowest of them costs no memory and holds nobody up.
/// Offsets are logical: they go on counting when the front of the file is dropped.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _pending = new(4096);
    private readonly JournalIndex _index = new();
    private SafeFileHandle _file;
    private long _dropped;           // logical offset minus offset in the file
    private long _written;           // logical end of what is in the file
    private long _writtenSeq;
    private long _lastSeq;
    private TaskCompletionSource _grown = NewSignal();
    private bool _disposed;

    private Journal(string path, JournalOptions options, TimeProvider time, SafeFileHandle file, JournalScan scan)
    {
        _path = path;
        _options = options;
        _time = time;
        _file = file;
        Epoch = scan.Epoch;
        _written = scan.Length;
        _lastSeq = _writtenSeq = scan.LastSeq;
        FirstSeq = scan.FirstSeq;
        _index.Add(scan.FirstSeq, scan.HeaderLength);
    }

    /// <summary>A random id of this numbering.</summary>
    public string Epoch { get; }

    /// <summary>The number of the oldest event that is kept; one more than the last where none is.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>The number of the newest event.</summary>
    public long LastSeq
    {
        get
        {
            lock (_gate) return _lastSeq;
        }
    }

    /// <summary>
    /// Opens or creates a journal. A torn last line is cut off; a file that is damaged elsewhere is kept under another name and a new epoch begins.
    /// </summary>
    /// <param name="visit">Is given every event that is there, in order.</param>
    public static Journal Open(string path, JournalOptions options, TimeProvider time, Action<JournalEvent>? visit = null)
    {
        var file = OpenFile(path);
        try
        {
            var scan = JournalRecovery.Run(ref file, path, visit);
            return new Journal(path, options, time, file, scan);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends an event; <paramref name="body"/> writes the properties of its kind. Visible to followers after <see cref="Flush"/>.</summary>
    /// <returns>The event's number.</returns>
    public long Append(string kind, Guid? turn, Action<Utf8JsonWriter>? body = null)
    {
        lock (_gate)
        {
            // Whole or not at all: what the body writes may turn out not to be text in the middle.
            var line = new ArrayBufferWriter<byte>(256);
            using (var writer = new Utf8JsonWriter(line, JournalText.WriterOptions))
            {
                writer.WriteStartObject();
                JournalText.WriteHead(writer, _lastSeq + 1, _time.GetUtcNow(), kind, turn);
                body?.Invoke(writer);
                writer.WriteEndObject();
            }

            _pending.Write(line.WrittenSpan);
            return EndLine();
        }
    }

    /// <summary>Appends an agent's update verbatim.</summary>
    public long AppendUpdate(Guid? turn, ReadOnlySpan<byte> update)
    {
        lock (_gate)
        {
            JournalText.WriteUpdate(_pending, _lastSeq + 1, _time.GetUtcNow(), turn, update);
            var seq = EndLine();
            if (_pending.WrittenCount >= _options.WriteBufferBytes) FlushLocked();
            return seq;
        }
    }

    /// <summary>Hands everything appended to the operating system and wakes the followers. From here on it survives the runtime's death.</summary>
    /// <exception cref="IOException">The disk does not take it; the events stay pending and go out with the next flush.</exception>
    public void Flush()
    {
        lock (_gate) FlushLocked();
    }

    /// <summary>Completes when the file has grown beyond the logical offset.</summary>
    public Task WaitBeyondAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_gate) return _written > offset || _disposed ? Task.CompletedTask : _grown.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _file.Dispose();
            _grown.TrySetResult();
        }
    }

    private static SafeFileHandle OpenFile(string path)
    {
        var fd = LibC.open(path, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180);
        return fd < 0 ? throw PosixException.Last($"cannot open the journal {path}") : new SafeFileHandle(fd, ownsHandle: true);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long EndLine()
    {
        _pending.Write("\n"u8);
        return ++_lastSeq;
    }

    private void FlushLocked()
    {
        if (_pending.WrittenCount == 0 || _disposed) return;
        // Where this fails, what reached the file is written over by the next try; readers stop at _written.
        RandomAccess.Write(_file, _pending.WrittenSpan, _written - _dropped);
        _index.Add(_writtenSeq + 1, _written);
        _written += _pending.WrittenCount;
        _writtenSeq = _lastSeq;
        _pending.ResetWrittenCount();
        var grown = _grown;
        _grown = NewSignal();
        grown.TrySetResult();
        if (_written - _dropped > _options.MaxBytes) DropFront();
    }
}
