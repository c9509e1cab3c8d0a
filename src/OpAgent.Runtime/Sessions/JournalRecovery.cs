using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

/// <summary>What a journal file was found to hold.</summary>
/// <param name="Index">Where its events begin.</param>
internal sealed record JournalScan(string Epoch, long FirstSeq, long LastSeq, JournalIndex Index, long Length);

/// <summary>Reads a journal when it is opened and makes it whole: a torn end is cut off, a damaged file is set aside.</summary>
internal static class JournalRecovery
{
    public static JournalScan Run(Disk disk, ref SafeFileHandle file, string path, Action<JournalEvent>? visit)
    {
        if (RandomAccess.GetLength(file) == 0) return Begin(disk, file, Guid.NewGuid().ToString("N")[..12], 1);
        var lines = new JournalLines(file, 0);
        // One that was never begun holds nothing that anybody was told.
        if (!lines.TryNext(out var headerLine)) return Begin(disk, file, Guid.NewGuid().ToString("N")[..12], 1);
        if (ParseHeader(headerLine.Span) is not { } header) return SetAside(disk, ref file, path);
        var (lastSeq, end) = (header.First - 1, lines.Offset);
        var index = new JournalIndex();
        while (lines.TryNext(out var line) && JournalText.Read(line) is { } entry)
        {
            // Before the first event there are the prompts that were kept when the front was dropped.
            var isKept = lastSeq < header.First && entry.Seq < header.First;
            if (!isKept && entry.Seq != lastSeq + 1) break;
            if (!isKept) index.Add(lastSeq = entry.Seq, end);
            end = lines.Offset;
            visit?.Invoke(entry);
        }

        index.Add(lastSeq + 1, end);

        var rest = RandomAccess.GetLength(file) - end;
        // Behind a line that was cut by a crash there is nothing; more than that is damage, and evidence is not destroyed.
        if (rest > 0 && HasWholeLineBehind(file, end)) File.Copy(path, $"{path}.damaged-{Guid.NewGuid():N}");
        if (rest > 0) disk.SetLength(file, end);
        return new JournalScan(header.Epoch, header.First, lastSeq, index, end);
    }

    /// <summary>Writes the first line of a new journal.</summary>
    public static JournalScan Begin(Disk disk, SafeFileHandle file, string epoch, long firstSeq)
    {
        var header = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new JournalHeader(epoch, firstSeq), JournalJson.Default.JournalHeader) + "\n");
        disk.SetLength(file, 0);
        disk.Write(file, header, 0);
        var index = new JournalIndex();
        index.Add(firstSeq, header.Length);
        return new JournalScan(epoch, firstSeq, firstSeq - 1, index, header.Length);
    }

    private static JournalScan SetAside(Disk disk, ref SafeFileHandle file, string path)
    {
        file.Dispose();
        disk.Rename(path, $"{path}.damaged-{Guid.NewGuid():N}");
        file = disk.Open(path, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, 0x180);
        return Begin(disk, file, Guid.NewGuid().ToString("N")[..12], 1);
    }

    private static bool HasWholeLineBehind(SafeFileHandle file, long offset)
    {
        var lines = new JournalLines(file, offset);
        lines.TryNext(out _);
        while (lines.TryNext(out var line))
        {
            if (JournalText.Read(line) is not null) return true;
        }

        return false;
    }

    private static JournalHeader? ParseHeader(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.JournalHeader) is { Epoch.Length: > 0, First: > 0 } header ? header : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
