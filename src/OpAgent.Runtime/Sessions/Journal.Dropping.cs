using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class Journal
{
    private bool _renamed;           // the file's name is not yet known to be on the disk

    /// <summary>
    /// Drops the older half: copies the newer one into a new file and renames it over the old, which readers may still hold.
    /// The prompts of turns that have not ended stay, before the first event that is kept, because recovery needs them.
    /// </summary>
    private void DropFront()
    {
        var (firstSeq, start) = _index.AtOrBehind(_written - _options.MaxBytes / 2);
        var temporary = _path + ".tmp";
        try
        {
            if (firstSeq > FirstSeq) Replace(temporary, firstSeq, start);
        }
        catch (IOException)
        {
            // The journal is whole and only longer than it should be.
        }

        // Where little or nothing could be dropped, the next try is worth its while only after some growth.
        _dropAbove = Math.Max(_options.MaxBytes, _written - _dropped + _options.MaxBytes / 8);
    }

    private void Replace(string temporary, long firstSeq, long start)
    {
        var file = OpenFile(_disk, temporary);
        try
        {
            var header = JournalRecovery.Begin(_disk, file, Epoch, firstSeq).Length;
            foreach (var (offset, length) in UnfinishedPrompts(start - _dropped)) header += Copy(_file, file, offset, header, length);
            Copy(_file, file, start - _dropped, header, _written - start);
            _disk.Sync(file);
            _disk.Rename(temporary, _path);
            // Readers that are in the middle of a read keep the old descriptor alive until they look again.
            _file = file;
            _renamed = true;
            _dropped = start - header;
            FirstSeq = firstSeq;
            _index.DropBefore(start);
        }
        catch
        {
            file.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    private long Copy(SafeFileHandle source, SafeFileHandle target, long from, long to, long length)
    {
        var buffer = new byte[Math.Min(length, 1024 * 1024)];
        for (var done = 0L; done < length;)
        {
            var count = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), from + done);
            if (count == 0) throw new EndOfStreamException($"{_path} is shorter than what was written into it.");
            _disk.Write(target, buffer.AsSpan(0, count), to + done);
            done += count;
        }

        return length;
    }

    /// <summary>Where in the file, before an offset, the prompts of turns stand that have not ended there.</summary>
    private IEnumerable<(long Offset, long Length)> UnfinishedPrompts(long end)
    {
        var found = new List<(Guid Turn, long Offset, long Length)>();
        var lines = new JournalLines(_file, 0);
        lines.TryNext(out _, end);
        for (var offset = lines.Offset; lines.TryNext(out var line, end); offset = lines.Offset)
        {
            if (JournalText.Read(line) is not { Kind: EventKind.TurnQueued or EventKind.TurnStarted or EventKind.TurnEnded } entry) continue;
            var turn = JournalText.TurnOf(entry);
            if (entry.Kind == EventKind.TurnEnded) found.RemoveAll(prompt => prompt.Turn == turn);
            else found.Add((turn, offset, lines.Offset - offset));
        }

        return found.Select(prompt => (prompt.Offset, prompt.Length));
    }
}
