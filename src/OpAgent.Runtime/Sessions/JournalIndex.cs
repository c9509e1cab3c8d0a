namespace OpAgent.Runtime.Sessions;

/// <summary>Where some of a journal's events begin, so that a follower who comes late need not read from the start.</summary>
internal sealed class JournalIndex
{
    private const long Spacing = 64 * 1024;

    private readonly List<(long Seq, long Offset)> _marks = [];

    /// <summary>Remembers that event <paramref name="seq"/> begins at the offset, unless a remembered one is near.</summary>
    public void Add(long seq, long offset)
    {
        if (_marks.Count == 0 || offset - _marks[^1].Offset >= Spacing) _marks.Add((seq, offset));
    }

    /// <summary>The last remembered event at or before <paramref name="seq"/>.</summary>
    public (long Seq, long Offset) Before(long seq)
    {
        int low = 0, high = _marks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_marks[middle].Seq <= seq) low = middle;
            else high = middle - 1;
        }

        return _marks[low];
    }

    /// <summary>The first remembered event at or behind the offset; the last one that is remembered where there is none.</summary>
    public (long Seq, long Offset) AtOrBehind(long offset) => _marks.First(mark => mark.Offset >= offset || mark == _marks[^1]);

    /// <summary>Forgets what lies before the offset.</summary>
    public void DropBefore(long offset) => _marks.RemoveAll(mark => mark.Offset < offset);
}
