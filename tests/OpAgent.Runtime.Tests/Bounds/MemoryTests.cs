namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>What an agent writes stays within bounds in the daemon, whatever it is.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class MemoryTests
{
    [Theory]
    [InlineData("line", Flood.Gigabyte)]
    [InlineData("junk", 128 * Flood.Megabyte)]
    [InlineData("broken", 4 * Flood.Megabyte)]
    [InlineData("binary", Flood.Gigabyte)]
    [InlineData("updates", 512 * Flood.Megabyte)]
    [InlineData("thoughts", Flood.Gigabyte)]
    [InlineData("tools", 256 * Flood.Megabyte)]
    [InlineData("requests", 64 * Flood.Megabyte)]
    [InlineData("stderr", 256 * Flood.Megabyte)]
    public async Task Flood_OfAnyKind_LeavesTheDaemonSmall(string command, long bytes)
    {
        await using var flood = await Flood.StartAsync();
        var conversation = await flood.CreateAsync();
        await flood.RunAsync(conversation, $"{command} 100");

        var growth = await flood.GrowthAsync(() => flood.RunAsync(conversation, $"{command} {bytes}"));

        Assert.InRange(growth, 0, 64 * Flood.Megabyte);
        Assert.Equal("end_turn", (await flood.Runtime.RunTurnAsync(conversation, "say 1"))[^1].StopReason);
    }

    // Each line is held as it came, as one piece, and as its text; garbage of that size is collected after some of them.
    [Fact]
    public async Task Flood_OfLinesAsLongAsTheyMayBe_StaysBounded()
    {
        await using var flood = await Flood.StartAsync();
        var conversation = await flood.CreateAsync();
        await flood.RunAsync(conversation, "wholes 100");

        var growth = await flood.GrowthAsync(() => flood.RunAsync(conversation, $"wholes {512 * Flood.Megabyte}"));

        Assert.InRange(growth, 0, 192 * Flood.Megabyte);
    }
}
