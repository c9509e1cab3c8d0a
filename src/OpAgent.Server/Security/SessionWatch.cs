using System.Security.Claims;

namespace OpAgent.Server.Security;

/// <summary>Tells those who serve a caller for long when its session or token has ended.</summary>
public sealed class SessionWatch
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _followed = [];

    /// <summary>Follows the session or token that the caller came in with. Dispose the lease when the caller has been served.</summary>
    public SessionLease Follow(ClaimsPrincipal user)
    {
        if (new Caller(user).Pass is not { } pass) return new(this, null, CancellationToken.None);
        lock (_lock)
        {
            if (!_followed.TryGetValue(pass, out var entry)) _followed[pass] = entry = new();
            entry.Leases++;
            return new(this, pass, entry.End.Token);
        }
    }

    /// <summary>The sessions and tokens that somebody follows.</summary>
    internal IReadOnlyList<string> Followed()
    {
        lock (_lock) return [.. _followed.Keys];
    }

    /// <summary>The session or token has ended.</summary>
    internal void End(string pass)
    {
        Entry? entry;
        lock (_lock) _followed.Remove(pass, out entry);
        entry?.End.Cancel();
    }

    internal void Release(string pass)
    {
        lock (_lock)
        {
            if (_followed.TryGetValue(pass, out var entry) && --entry.Leases == 0) _followed.Remove(pass);
        }
    }

    private sealed class Entry
    {
        public CancellationTokenSource End { get; } = new();
        public int Leases { get; set; }
    }
}

/// <summary>Says when a caller's session or token has ended.</summary>
public sealed class SessionLease : IDisposable
{
    private readonly SessionWatch _watch;
    private string? _pass;

    internal SessionLease(SessionWatch watch, string? pass, CancellationToken ended) => (_watch, _pass, Ended) = (watch, pass, ended);

    /// <summary>Cancelled when the session or token has been revoked or has expired. Never for a caller at the socket.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether nobody wants to hear of it any more.</summary>
    internal bool IsReleased => Volatile.Read(ref _pass) is null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pass, null) is { } pass) _watch.Release(pass);
    }
}
