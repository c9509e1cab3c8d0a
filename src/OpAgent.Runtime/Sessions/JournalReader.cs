namespace OpAgent.Runtime.Sessions;

/// <summary>One follower's place in a journal. Not safe for use by several threads.</summary>
internal sealed class JournalReader
{
    private readonly Journal _journal;
    private readonly JournalLines _lines;
    private JournalWindow _window;
    private long _nextSeq;

    /// <summary>Begins after an event. A number that is gone or not there yet sets <see cref="WasReset"/> and begins at the nearest that makes sense.</summary>
    public JournalReader(Journal journal, string epoch, long afterSeq)
    {
        _journal = journal;
        _window = journal.Window(afterSeq + 1);
        var wrongEpoch = epoch.Length > 0 && epoch != journal.Epoch;
        // A reader who is told to reload gets the whole conversation, so it goes on after the newest event.
        WasReset = wrongEpoch || afterSeq < _window.FirstSeq - 1 || afterSeq > _window.LastSeq;
        _nextSeq = afterSeq + 1;
        if (WasReset) GoToEnd();
        _lines = new JournalLines(_window.File, 0);
        Seek();
    }

    /// <summary>True when the follower must reload the conversation and go on from <see cref="NextSeq"/>.</summary>
    public bool WasReset { get; private set; }

    /// <summary>True once for each time the follower must be told to reload.</summary>
    public bool TakeReset()
    {
        var was = WasReset;
        WasReset = false;
        return was;
    }

    /// <summary>The number of the event that comes next.</summary>
    public long NextSeq => _nextSeq;

    /// <summary>The next event that is there already. Its data is valid until the next call.</summary>
    public bool TryRead(out JournalEvent entry)
    {
        while (_lines.TryNext(out var line, _window.End - _window.Dropped))
        {
            if (JournalText.Read(line) is not { } read) throw new InvalidDataException($"The journal is damaged at event {_nextSeq}.");
            if (read.Seq < _nextSeq) continue;
            if (read.Seq > _nextSeq) throw new InvalidDataException($"The journal has no event {_nextSeq}.");
            _nextSeq = read.Seq + 1;
            entry = read;
            return true;
        }

        _lines.Trim();
        entry = default;
        return Refresh() && TryRead(out entry);
    }

    /// <summary>Waits until more can be read.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _journal.WaitBeyondAsync(_window.End, cancellationToken);

    private bool Refresh()
    {
        var window = _journal.Window(_nextSeq);
        if (window.End == _window.End) return false;
        var moved = window.Dropped != _window.Dropped;
        _window = window;
        if (!moved) return true;
        WasReset = _nextSeq < window.FirstSeq;
        if (WasReset) GoToEnd();
        Seek();
        return !WasReset;
    }

    private void GoToEnd()
    {
        _window = _journal.Window();
        _nextSeq = _window.LastSeq + 1;
    }

    private void Seek() => _lines.Seek(_window.File, _window.Begin - _window.Dropped);
}
