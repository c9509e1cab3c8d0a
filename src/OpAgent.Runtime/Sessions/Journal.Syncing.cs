using System.Buffers;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class Journal
{
    private Task? _syncing;
    private long _synced;
    private long? _suspect;          // what was written from here on may be lost: a sync failed

    /// <summary>
    /// Flushes, and completes when everything appended so far is on the disk. Callers that come while a sync runs share the next one.
    /// </summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async Task SyncAsync()
    {
        long target;
        lock (_gate)
        {
            FlushLocked();
            // A turn begins, ends or waits for a person: much of the time nothing comes for a while.
            if (_pending.Capacity > 0) _pending = new ArrayBufferWriter<byte>();
            target = _written;
        }

        while (true)
        {
            Task sync;
            lock (_gate)
            {
                if (_synced >= target || _disposed) return;
                sync = _syncing ??= Task.Run(SyncOnce);
            }

            await sync.ConfigureAwait(false);
        }
    }

    private void SyncOnce()
    {
        try
        {
            JournalWindow window;
            bool renamed;
            lock (_gate) (window, renamed, _renamed) = (Window(), _renamed, false);
            try
            {
                if (renamed) _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
                if (_suspect is { } from) WriteAgain(window, Math.Max(from, window.Dropped));
                _disk.SyncData(window.File);
            }
            catch
            {
                lock (_gate) _renamed |= renamed;
                _suspect ??= _synced;
                throw;
            }

            _suspect = null;
            lock (_gate) _synced = Math.Max(_synced, window.End);
        }
        finally
        {
            lock (_gate) _syncing = null;
        }
    }

    /// <summary>Linux takes what it failed to write for written, so that a later sync succeeds without it. It is still in memory.</summary>
    private void WriteAgain(JournalWindow window, long from) => Copy(window.File, window.File, from - window.Dropped, from - window.Dropped, window.End - from);
}
