namespace OpAgent.Benchmarks;

/// <summary>Time that is part of what is measured.</summary>
internal static class Pause
{
    public static async Task OfAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
