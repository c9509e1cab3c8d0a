namespace OpAgent.Runtime.Tests.Faults;

/// <summary>Somebody sets the machine's clock, by a day forward and back, in the middle of everything.</summary>
public sealed class ClockTests
{
    private const int Conversations = 6, Jumps = 40;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Clock_JumpsByADay_NothingIsLostOrEndedForIt()
    {
        var random = Seed.Next();
        await using var runtime = await MortalRuntime.StartAsync();
        var conversations = await Task.WhenAll(Enumerable.Range(0, Conversations).Select(_ => ToldConversation.CreateAsync(runtime)));
        var histories = Task.WhenAll(conversations.Select(History.RunAsync));
        // Also over a crash and a recovery.
        for (var jump = 0; jump < Jumps || !histories.IsCompleted; jump++)
        {
            await runtime.Daemon.SetClockAsync(Day * random.Next(-1, 2));
            if (jump == Jumps / 2)
            {
                runtime.Daemon.Kill();
                await runtime.RestartAsync();
                await runtime.Daemon.SetClockAsync(Day * random.Next(-1, 2));
            }
            else await Task.WhenAny(runtime.Changed, histories);
        }

        await histories;
        foreach (var conversation in conversations)
        {
            await conversation.CheckAsync();
            await conversation.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_SetWhileAnAgentIsKeptFromCrashing_DoesNotKeepItForADay(int days)
    {
        await using var runtime = await MortalRuntime.StartAsync();
        var fixture = runtime.Fixture;
        var conversation = await fixture.CreateAsync();
        for (var crash = 0; crash < 5; crash++) Assert.Equal("interrupted", (await fixture.RunTurnAsync(conversation, "exit 1"))[^1].StopReason);
        Assert.Contains("is not started before", (await fixture.RunTurnAsync(conversation, "say x"))[^1].Error);

        await runtime.Daemon.SetClockAsync(days * Day);
        var refused = (await fixture.RunTurnAsync(conversation, "say x"))[^1];

        // The window is a minute of real time, whatever the clock says.
        Assert.Contains("is not started before", refused.Error);
        var until = TimeOnly.Parse(refused.Error!.Split("not started before ")[1].Split(' ')[0]);
        Assert.InRange(until - TimeOnly.FromDateTime(DateTime.UtcNow), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }
}
