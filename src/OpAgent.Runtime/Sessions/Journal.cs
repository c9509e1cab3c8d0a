using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Files;
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
    private readonly Disk _disk;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly string _path;
    private readonly JournalIndex _index;
    private ArrayBufferWriter<byte> _pending = new();
    private SafeFileHandle _file;
    private long _dropAbove;         // the length of the file at which its front is dropped
    private long _dropped;           // logical offset minus offset in the file
    private long _written;           // logical end of what is in the file
    private long _writtenSeq;
    private long _lastSeq;
    private TaskCompletionSource _grown = NewSignal();
    private bool _disposed;

    private Journal(Disk disk, string path, JournalOptions options, TimeProvider time, SafeFileHandle file, JournalScan scan)
    {
        _disk = disk;
        _path = path;
        _options = options;
        _time = time;
        _file = file;
        Epoch = scan.Epoch;
        _index = scan.Index;
        _dropAbove = options.MaxBytes;
        _written = scan.Length;
        _lastSeq = _writtenSeq = scan.LastSeq;
        FirstSeq = scan.FirstSeq;
    }

    /// <summary>A random id of this numbering.</summary>
    public string Epoch { get; }

    /// <summary>The number of the oldest event that is kept; one more than the last where none is.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>The number of the newest event.</summary>
    public long LastSeq
    {
        // Without the gate, behind which a large write may be going on: who lists conversations must not wait for one of them.
        get => Volatile.Read(ref _lastSeq);
    }

    /// <summary>True while events wait for a disk that does not take them, or for the next flush.</summary>
    public bool HasPending
    {
        get
        {
            lock (_gate) return _pending.WrittenCount > 0;
        }
    }

    /// <summary>
    /// Opens or creates a journal. A torn last line is cut off; a file that is damaged elsewhere is kept under another name and a new epoch begins.
    /// </summary>
    /// <param name="visit">Is given every event that is there, in order.</param>
    public static Journal Open(Disk disk, string path, JournalOptions options, TimeProvider time, Action<JournalEvent>? visit = null)
    {
        var file = OpenFile(disk, path);
        try
        {
            var scan = JournalRecovery.Run(disk, ref file, path, visit);
            return new Journal(disk, path, options, time, file, scan);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>To be called before something begins that events will tell of: its end can then be appended in any case.</summary>
    /// <exception cref="IOException">The disk does not take what waits already, and more must not be kept in memory.</exception>
    public void RequireRoom()
    {
        lock (_gate)
        {
            if (_pending.WrittenCount >= _options.MaxPendingBytes) FlushLocked();
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
    /// <exception cref="IOException">As of <see cref="RequireRoom"/>; the update was not appended.</exception>
    public long AppendUpdate(Guid? turn, ReadOnlySpan<byte> update)
    {
        lock (_gate)
        {
            // A batch is flushed at its end, so this much waits only in a large one or where flushing failed. The latter is tried again on the way to the limit.
            if (_pending.WrittenCount >= _options.WriteBufferBytes) TryFlushLocked();
            RequireRoom();
            JournalText.WriteUpdate(_pending, _lastSeq + 1, _time.GetUtcNow(), turn, update);
            return EndLine();
        }
    }

    /// <summary>Hands everything appended to the operating system and wakes the followers. From here on it survives the runtime's death.</summary>
    /// <exception cref="IOException">The disk does not take it; the events stay pending and go out with the next flush.</exception>
    public void Flush()
    {
        lock (_gate) FlushLocked();
    }

    /// <summary>Flushes if the disk takes it; else the events stay pending.</summary>
    public void TryFlush()
    {
        lock (_gate) TryFlushLocked();
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

    private static SafeFileHandle OpenFile(Disk disk, string path) => disk.Open(path, LibC.O_RDWR | LibC.O_CREAT, 0x180);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long EndLine()
    {
        _pending.Write("\n"u8);
        return ++_lastSeq;
    }

    private void TryFlushLocked()
    {
        try
        {
            FlushLocked();
        }
        catch (IOException)
        {
            // What waits is bounded, and whoever depends on it learns it from his own flush.
        }
    }

    private void FlushLocked()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pending.WrittenCount == 0) return;
        // Where this fails, what reached the file is written over by the next try; readers stop at _written.
        _disk.Write(_file, _pending.WrittenSpan, _written - _dropped);
        _index.Add(_writtenSeq + 1, _written);
        _written += _pending.WrittenCount;
        _writtenSeq = _lastSeq;
        // What a burst needed is given back.
        if (_pending.Capacity > _options.WriteBufferBytes * 2) _pending = new ArrayBufferWriter<byte>();
        else _pending.ResetWrittenCount();
        var grown = _grown;
        _grown = NewSignal();
        grown.TrySetResult();
        if (_written - _dropped > _dropAbove) DropFront();
    }
}
