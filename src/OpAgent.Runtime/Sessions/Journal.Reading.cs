using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class Journal
{
    /// <summary>Where reading can begin to get the event after <paramref name="afterSeq"/>.</summary>
    internal (long Seq, long Offset) Locate(long afterSeq)
    {
        lock (_gate) return _index.Before(afterSeq + 1);
    }

    /// <summary>The file and the limits within which it may be read now; offsets are logical.</summary>
    internal JournalWindow Window()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new JournalWindow(_file, _dropped, FirstSeq, _writtenSeq, _written);
        }
    }

    /// <summary>Drops the older half: copies the newer one into a new file and renames it over the old, which readers may still hold.</summary>
    private void DropFront()
    {
        var (firstSeq, start) = _index.AtOrBehind(_written - _options.MaxBytes / 2);
        if (start <= _dropped || firstSeq > _writtenSeq) return;
        var temporary = _path + ".tmp";
        var file = OpenFile(temporary);
        var header = JournalRecovery.Begin(file, Epoch, firstSeq).HeaderLength;
        var buffer = new byte[1024 * 1024];
        var target = header;
        for (var source = start; source < _written;)
        {
            var count = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, _written - source)), source - _dropped);
            RandomAccess.Write(file, buffer.AsSpan(0, count), target);
            (source, target) = (source + count, target + count);
        }

        File.Move(temporary, _path, overwrite: true);
        // Readers that are in the middle of a read keep the old descriptor alive until they look again.
        _file = file;
        _dropped = start - header;
        FirstSeq = firstSeq;
        _index.DropBefore(start);
    }
}

/// <summary>What of a journal can be read at a moment.</summary>
/// <param name="Dropped">Logical offset minus offset in the file.</param>
/// <param name="End">Logical end of the last complete event.</param>
internal readonly record struct JournalWindow(SafeFileHandle File, long Dropped, long FirstSeq, long LastSeq, long End);
