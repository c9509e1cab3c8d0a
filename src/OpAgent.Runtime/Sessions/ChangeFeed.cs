using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// Tells watchers which conversations and permission requests changed. A watcher that is slow gets the newest state of each once, not every change,
/// so what waits for it is bounded by how many there are.
/// </summary>
internal sealed class ChangeFeed
{
    private readonly Lock _gate = new();
    private readonly List<Watcher> _watchers = [];

    /// <summary>How many hosts watch.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate) return _watchers.Count;
        }
    }

    /// <summary>Something changed; <paramref name="describe"/> gives its state when the watcher gets to it.</summary>
    public void Publish(object subject, Func<Change> describe)
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers) watcher.Add(subject, describe);
        }
    }

    /// <summary>First what <paramref name="snapshot"/> gives, then changes. The watcher is registered before the snapshot is taken, so nothing falls between.</summary>
    public async IAsyncEnumerable<Change> WatchAsync(Func<IEnumerable<Change>> snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = new Watcher();
        lock (_gate) _watchers.Add(watcher);
        try
        {
            foreach (var change in snapshot()) yield return change;
            yield return new Change { SnapshotComplete = true };
            while (true)
            {
                foreach (var describe in await watcher.TakeAsync(cancellationToken).ConfigureAwait(false)) yield return describe();
            }
        }
        finally
        {
            lock (_gate) _watchers.Remove(watcher);
        }
    }

    private sealed class Watcher
    {
        private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private readonly Lock _gate = new();
        private Dictionary<object, Func<Change>> _changed = [];

        public void Add(object subject, Func<Change> describe)
        {
            lock (_gate) _changed[subject] = describe;
            _signal.Writer.TryWrite(true);
        }

        public async Task<IReadOnlyCollection<Func<Change>>> TakeAsync(CancellationToken cancellationToken)
        {
            await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                var taken = _changed;
                _changed = [];
                return taken.Values;
            }
        }
    }
}
