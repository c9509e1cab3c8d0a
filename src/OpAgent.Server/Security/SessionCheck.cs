using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>
/// Looks now and then whether the sessions and tokens that have something open still hold: they expire, and another host on the same database may
/// have revoked them. An open page counts as seen.
/// </summary>
internal sealed class SessionCheck(SessionWatch watch, SessionTable sessions, TokenTable tokens, TimeProvider time, ILogger<SessionCheck> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await CheckAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (watch.Followed() is not { Count: > 0 } followed) return;
        try
        {
            var now = time.GetUtcNow();
            var alive = await sessions.AliveAsync(followed, now - Sessions.LongestLife, cancellationToken);
            if (alive.Count > 0) await sessions.TouchAsync(alive, now, cancellationToken);
            alive.UnionWith(await tokens.AliveAsync(followed, cancellationToken));
            foreach (var ended in followed.Where(pass => !alive.Contains(pass))) watch.End(ended);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException)
        {
            logger.SessionCheckFailed(exception.Message);
        }
    }
}
