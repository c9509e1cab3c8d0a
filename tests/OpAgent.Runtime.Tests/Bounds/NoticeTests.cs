namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>A conversation shows what its agent did beyond what is kept, and goes on.</summary>
public sealed class NoticeTests
{
    [Theory]
    [InlineData("junk 4000000", "The agent printed 1,572,864 bytes in 1,572,864 lines on stdout that are not protocol")]
    [InlineData("line 40000000", "The agent printed 39,845,888 bytes in 1 lines on stdout that are not protocol")]
    [InlineData("deep 10000", " in 2 lines on stdout that are not protocol")]
    [InlineData("binary 3000000", " lines on stdout that are not protocol")]
    [InlineData("updates 40000000", " characters more than are kept.]*")]
    [InlineData("tools 9000000", " updates were left out.")]
    [InlineData("whole 15000000", "bytes were left out here")]
    public async Task Turn_WithMoreThanIsKept_SaysHowMuchInItsFile(string command, string notice)
    {
        await using var flood = await Flood.StartAsync();
        var conversation = await flood.CreateAsync();

        await flood.RunAsync(conversation, command);

        var file = flood.Runtime.ReadFile(conversation);
        Assert.True(file.Contains(notice, StringComparison.Ordinal), file[^Math.Min(2000, file.Length)..]);
        Assert.Contains((await flood.Runtime.RunTurnAsync(conversation, "say 7")), item => item.Said == "7");
    }

    [Fact]
    public async Task Turn_WithAJunkLineOfMegabytes_ShowsItsBeginning()
    {
        await using var flood = await Flood.StartAsync();
        var conversation = await flood.CreateAsync();

        await flood.RunAsync(conversation, "broken-line 15000000");

        Assert.InRange(flood.Runtime.ReadFile(conversation).Length, 1000, 5000);
    }
}
