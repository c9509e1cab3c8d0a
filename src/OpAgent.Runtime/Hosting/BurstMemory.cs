namespace OpAgent.Runtime.Hosting;

/// <summary>
/// Gives back what a burst needed once it is over. A process that has nothing to do allocates nothing, so the collector would not run by itself,
/// and a runtime that is idle for days would hold hundreds of megabytes of garbage.
/// </summary>
/// <param name="allocated">How many bytes were allocated since the process began.</param>
/// <param name="collect">Collects everything and returns the memory to the system; takes some tens of milliseconds.</param>
internal sealed class BurstMemory(Func<long> allocated, Action collect)
{
    private const long Burst = 64L * 1024 * 1024, Quiet = 8L * 1024 * 1024;

    private long _last, _collected;

    public BurstMemory() : this(() => GC.GetTotalAllocatedBytes(), () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    /// <summary>To be called from time to time.</summary>
    public void Look()
    {
        var now = allocated();
        if (now - _last < Quiet && now - _collected > Burst)
        {
            collect();
            _collected = now;
        }

        _last = now;
    }
}
