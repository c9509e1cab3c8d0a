namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>What an agent writes stays within bounds in the daemon, whatever it is.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class MemoryTests
{
    [Theory]
    [InlineData("line", Flood.Gigabyte)]
    [InlineData("junk", Flood.Gigabyte / 4)]
    [InlineData("broken", 8 * Flood.Megabyte)]
    [InlineData("binary", Flood.Gigabyte)]
    [InlineData("updates", Flood.Gigabyte / 2)]
    [InlineData("thoughts", Flood.Gigabyte / 2)]
    [InlineData("tools", Flood.Gigabyte / 2)]
    [InlineData("requests", Flood.Gigabyte / 8)]
    [InlineData("stderr", Flood.Gigabyte / 4)]
    [InlineData("whole", 15 * Flood.Megabyte)]
    [InlineData("wholes", Flood.Gigabyte)]
    public async Task Flood_OfAnyKind_LeavesTheDaemonSmall(string command, long bytes)
    {
        await using var flood = await Flood.StartAsync();
        var conversation = await flood.CreateAsync();
        await flood.Runtime.RunTurnAsync(conversation, $"{command} 100");

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var growth = await flood.GrowthAsync(() => flood.RunAsync(conversation, $"{command} {bytes}"));
        Console.Error.WriteLine($"MEASURED {command} {bytes / Flood.Megabyte} MB: {watch.Elapsed.TotalSeconds:0.0} s, growth {growth / Flood.Megabyte} MB");
    }
}
