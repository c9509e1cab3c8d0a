using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Hosting;

/// <summary>Ends the runtime when for ten minutes no session lived, nothing waited for the disk and no host was attached; until then gives back what is not used, and writes what the disk did not take before.</summary>
internal sealed class IdleExit(ConversationStore conversations, ChangeFeed changes, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<IdleExit> logger) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var lastUse = time.GetTimestamp();
        var memory = new BurstMemory();
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            conversations.Unload();
            memory.Look();
            await conversations.RetryAsync().ConfigureAwait(false);
            if (conversations.IsUsed || changes.Watchers > 0) lastUse = time.GetTimestamp();
            if (time.GetElapsedTime(lastUse) < Limit) continue;
            HostingLog.IdleExit(logger, Limit);
            lifetime.StopApplication();
            return;
        }
    }
}
