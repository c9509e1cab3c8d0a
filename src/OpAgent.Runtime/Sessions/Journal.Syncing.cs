using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class Journal
{
    private Task? _syncing;
    private long _synced;

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
        JournalWindow window;
        lock (_gate) window = Window();
        var failed = LibC.fdatasync(window.File) != 0;
        var error = failed ? PosixException.Last("fdatasync") : null;
        lock (_gate)
        {
            _syncing = null;
            if (error is null) _synced = Math.Max(_synced, window.End);
        }

        if (error is not null) throw error;
    }
}
