namespace OpAgent.Acp.Tests;

/// <summary>The one time limit of all tests: long enough for a busy machine, so that only what never happens fails by it.</summary>
internal static class TimeLimit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Soon(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task Soon(this ValueTask task) => task.AsTask().Soon();
}
