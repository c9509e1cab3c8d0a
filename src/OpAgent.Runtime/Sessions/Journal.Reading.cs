using Microsoft.Win32.SafeHandles;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class Journal
{
    /// <summary>The file, the limits within which it may be read now, and where in it reading can begin to get to an event; offsets are logical.</summary>
    internal JournalWindow Window(long seq = long.MaxValue)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new JournalWindow(_file, _dropped, FirstSeq, _writtenSeq, _index.Before(seq).Offset, _written);
        }
    }
}

/// <summary>What of a journal can be read at a moment.</summary>
/// <param name="Dropped">Logical offset minus offset in the file.</param>
/// <param name="Begin">Logical offset of an event at or shortly before the one that was asked for.</param>
/// <param name="End">Logical end of the last complete event.</param>
internal readonly record struct JournalWindow(SafeFileHandle File, long Dropped, long FirstSeq, long LastSeq, long Begin, long End);
