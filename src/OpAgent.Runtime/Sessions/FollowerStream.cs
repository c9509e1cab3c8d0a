using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// Writes events to one follower. One that does not take an event for too long is cut off, and comes back by number: what waits for it would
/// otherwise fill the connection that it shares with others.
/// </summary>
internal sealed class FollowerStream : IDisposable
{
    // A large event may take longer, at this rate; one that is slower never catches up.
    private const double LeastBytesPerSecond = 8 * 1024;

    private readonly IServerStreamWriter<Event> _stream;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _tooSlow;
    private readonly CancellationTokenRegistration _cut;

    public FollowerStream(IServerStreamWriter<Event> stream, ServerCallContext context, TimeSpan limit, TimeProvider time)
    {
        _stream = stream;
        _limit = limit;
        _tooSlow = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        // An answer in good order would wait behind what is not taken.
        _cut = _tooSlow.Token.UnsafeRegister(static call => ((HttpContext)call!).Abort(), context.GetHttpContext());
    }

    /// <summary>True once the follower was too slow; its call is ended.</summary>
    public bool IsCutOff => _tooSlow.IsCancellationRequested;

    public async ValueTask WriteAsync(Event item, CancellationToken cancellationToken)
    {
        var writing = _stream.WriteAsync(item, cancellationToken);
        if (writing.IsCompletedSuccessfully) return;
        _tooSlow.CancelAfter(_limit + TimeSpan.FromSeconds(item.Data.Length / LeastBytesPerSecond));
        await writing.ConfigureAwait(false);
        _tooSlow.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _cut.Dispose();
        _tooSlow.Dispose();
    }
}
